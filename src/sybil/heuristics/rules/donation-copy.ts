import { figure, ruleKind } from "../rule.js";

/** The same grants and amount bands as others. Popular lists are copied by people too: evidence, never a verdict. */
export const donationCopy = ruleKind({
  name: "donation-copy",
  verdict: "sybil",
  strength: "weak",
  thresholds: {
    copies: { standard: 3, least: 2, most: 1e6 },
    grants: { standard: 3, least: 1, most: 1e6 },
  },
  reads: () => ["copies", "grants"],
  judge: (value, { copies, grants }) => {
    const [same, given] = [value("copies"), value("grants")];
    if (!(same >= copies && given >= grants)) return undefined;
    return `${figure(same - 1)} other donors gave to exactly the same ${figure(given)} grants, with sums of the same size`;
  },
});
