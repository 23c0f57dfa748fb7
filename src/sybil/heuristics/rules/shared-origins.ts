import { figure, ruleKind } from "../rule.js";

/** Seen where others were seen. 0.7 is the published band (sybil.md, 2.4); offices and carriers share addresses too. */
export const sharedOrigins = ruleKind({
  name: "shared-origins",
  verdict: "sybil",
  strength: "weak",
  thresholds: {
    ratio: { standard: 0.7, least: 0.01, most: 1 },
    shared: { standard: 1, least: 1, most: 1e6 },
  },
  reads: () => ["originsRatio", "originsShared", "originsUsed"],
  judge: (value, { ratio, shared }) => {
    const found = value("originsShared");
    if (!(value("originsRatio") >= ratio && found >= shared)) return undefined;
    return `${figure(found)} of its ${figure(value("originsUsed"))} origins are used by at least two others`;
  },
});
