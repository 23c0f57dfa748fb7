import { figure, ruleKind } from "../rule.js";

/** Accounts that stake on each other, or in a circle. Friends do so too. */
export const vouchRing = ruleKind({
  name: "vouch-ring",
  verdict: "sybil",
  strength: "weak",
  thresholds: { members: { standard: 3, least: 2, most: 1e6 } },
  reads: () => ["vouchRing"],
  judge: (value, { members }) => {
    const size = value("vouchRing");
    return size >= members ? `it is in a ring of ${figure(size)} accounts that vouch for each other` : undefined;
  },
});
