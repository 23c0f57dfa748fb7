import { figure, ruleKind } from "../rule.js";

/** Names such as anna01, anna02, anna03. */
export const nameFamily = ruleKind({
  name: "name-family",
  verdict: "sybil",
  strength: "weak",
  thresholds: { matches: { standard: 2, least: 1, most: 1e6 } },
  reads: () => ["nameMatches"],
  judge: (value, { matches }) => {
    const found = value("nameMatches");
    return found >= matches ? `${figure(found)} other accounts have a name one edit away` : undefined;
  },
});
