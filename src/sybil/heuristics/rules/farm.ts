import { figure, ruleKind } from "../rule.js";

/** Many accounts that at least two independent signs connect: one sign alone is common among people. */
export const farm = ruleKind({
  name: "farm",
  verdict: "sybil",
  strength: "strong",
  thresholds: {
    members: { standard: 5, least: 2, most: 1e6 },
    signs: { standard: 2, least: 2, most: 5 },
  },
  reads: () => ["clusterSize", "clusterSigns"],
  judge: (value, { members, signs }) => {
    const [size, kinds] = [value("clusterSize"), value("clusterSigns")];
    if (!(size >= members && kinds >= signs)) return undefined;
    return `${figure(kinds)} independent signs connect this account with ${figure(size - 1)} others`;
  },
});
