import { figure, ruleKind } from "../rule.js";

/** Funded by one account. Exchanges fund many people. */
export const sharedFunder = ruleKind({
  name: "shared-funder",
  verdict: "sybil",
  strength: "weak",
  thresholds: { others: { standard: 3, least: 1, most: 1e6 } },
  reads: () => ["sharedFunder"],
  judge: (value, { others }) => {
    const found = value("sharedFunder");
    return found >= others ? `the account that funded it funded ${figure(found)} other donors too` : undefined;
  },
});
