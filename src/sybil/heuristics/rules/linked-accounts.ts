import { figure, ruleKind } from "../rule.js";

/** A few accounts with two signs in common: a household can look like it, so it is evidence only. */
export const linkedAccounts = ruleKind({
  name: "linked-accounts",
  verdict: "sybil",
  strength: "weak",
  thresholds: { members: { standard: 2, least: 2, most: 1e6 } },
  reads: () => ["clusterSize"],
  judge: (value, { members }) => {
    const size = value("clusterSize");
    return size >= members ? `two signs connect this account with ${figure(size - 1)} others` : undefined;
  },
});
