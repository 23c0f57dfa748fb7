import type { ReportFacts } from "../facts.js";

/** What every report says (sybil.md, 8), in plain words, and what this round adds. */
export function caveatsSection({ tables, assessment }: ReportFacts): string[] {
  const always = [
    "A flag is a reason to look, not proof. Labels that were cut from the same signs that the analysis uses are no ground truth: a model that finds them again has shown nothing. Only people who judged accounts by other evidence can say how good the flags are.",
    "Nearness of donors is measured by Jaccard's distance. Hamming's makes everybody who gave little look alike; figures of the two must never be mixed.",
    "A model looks better on accounts like those it learnt from. Where its quality is given, no cluster was on both sides of a split; a new kind of farm may still pass.",
    "Many honest people give exactly what others give: in a large published round more than half of the donors had a twin. Copying a popular list is no fraud. Clusters here need at least two independent signs.",
    "People who show little look like farms: no social media, a private wallet, a new account. The flag rate of accounts with little data is given apart. Read it before you act.",
    "Every rule that stops farms also stops some people. A figure of what a rule catches, without what it costs honest people, is half a figure.",
    "What forging costs is an estimate of prices on a market. Prices differ from country to country, and fall when the market finds out what pays.",
    "Squelching is a separate decision, and can be taken back. Whoever is flagged can ask for the reasons, which are kept with the accounts' names in the private folder, and can appeal.",
  ];
  const own = [
    tables.labels.length === 0
      ? "Nobody labelled accounts of this round: how often the flags are right is unknown."
      : undefined,
    assessment.model === undefined
      ? "There was too little to learn from: rules alone decided, and no model. Whom no rule settles is not flagged."
      : undefined,
    assessment.labels.source === "rules" && assessment.model !== undefined
      ? "The model learnt from what strong rules said, not from people: it can only spread their judgement to accounts with other signs, and shares their mistakes."
      : undefined,
    tables.rules === undefined ? "The round had no passport: nothing can be said about its gate." : undefined,
    tables.prices.size === 0 ? "No prices of stamps were given: nothing can be said about costs." : undefined,
  ];
  return [...always, ...own.filter((caveat) => caveat !== undefined)];
}
