import { figure, ruleKind } from "../rule.js";

/** Donations that nobody else's resemble. 0.5 is the published band (sybil.md, 2.4). */
export const ownChoice = ruleKind({
  name: "own-choice",
  verdict: "human",
  strength: "weak",
  thresholds: {
    distance: { standard: 0.5, least: 0.01, most: 1 },
    grants: { standard: 5, least: 1, most: 1e6 },
  },
  reads: () => ["dnaDistance", "grants"],
  judge: (value, { distance, grants }) => {
    const [apart, given] = [value("dnaDistance"), value("grants")];
    if (!(apart >= distance && given >= grants)) return undefined;
    return `its ${figure(given)} grants are at a distance of ${figure(apart)} from every other donor's`;
  },
});
