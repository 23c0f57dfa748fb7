import { figure, ruleKind } from "../rule.js";

/** So much at stake that a farm could not pay it for each account. */
export const staked = ruleKind({
  name: "staked",
  verdict: "human",
  strength: "strong",
  thresholds: { tokens: { standard: 500, least: 0.000001, most: 1e12 } },
  reads: () => ["stake"],
  judge: (value, { tokens }) =>
    value("stake") >= tokens ? `${figure(value("stake"))} tokens are staked on the account` : undefined,
});
