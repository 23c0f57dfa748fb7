import { figure, ruleKind } from "../rule.js";

/** Nearly the donations of another: a copy with a few changes. 0.1 is the published band (sybil.md, 2.4). */
export const nearCopy = ruleKind({
  name: "near-copy",
  verdict: "sybil",
  strength: "weak",
  thresholds: {
    distance: { standard: 0.1, least: 0, most: 1 },
    grants: { standard: 5, least: 1, most: 1e6 },
  },
  reads: () => ["dnaDistance", "grants"],
  judge: (value, { distance, grants }) => {
    const [apart, given] = [value("dnaDistance"), value("grants")];
    if (!(apart <= distance && given >= grants)) return undefined;
    return `its ${figure(given)} grants are at a distance of ${figure(apart)} from another donor's, of at most 1`;
  },
});
