// What the report takes from the assessment: verdicts, and reasons in words that fit every account. The assessment's own reasons carry
// figures (an age in days, a number of transactions) by which an account could be found on a chain; they stay with its name.
import type { RoundAssessment } from "../assess.js";
import { STAMP_PREFIX, type FeatureSpec } from "../features/feature-table.js";
import type { Rule } from "../heuristics/rule.js";
import type { ModelTerm } from "../model/logistic-model.js";

export type SettledBy = "people" | "rule" | "model" | "nothing";

/** What rules mean; a rule of the community's own brings its reason. */
const RULES: Readonly<Record<string, string>> = {
  "strong-stamps": "holds several stamps that money does not buy",
  farm: "several independent signs connect it with many other accounts",
  "old-account": "the account is old and used, and nobody gives exactly as it does",
  staked: "so much is staked on it that a farm could not pay that for each account",
  "linked-accounts": "two independent signs connect it with a few other accounts",
  "name-family": "several other accounts have a name one edit away",
  "donation-copy": "others gave to exactly the same projects, with sums of the same size",
  "near-copy": "its donations are nearly those of another account",
  "shared-funder": "the account that funded it funded other donors too",
  "shared-origins": "most of its origins are used by several others",
  "vouch-ring": "it is in a ring of accounts that vouch for each other",
  "own-choice": "nobody's donations are like its own",
};

/** One sentence for a rule, without the figures of an account. */
export function meaningOf({ name, document }: Pick<Rule, "name" | "document">): string {
  const known = RULES[name];
  if (known !== undefined) return known;
  const own = (document as { readonly reason?: unknown }).reason;
  return typeof own === "string" ? own.replaceAll(/\{[^{}]*\}/g, "…") : name;
}

/**
 * What the model holds against an account that is flagged for a feature. A term speaks for a Sybil on one side of its mean alone, by the
 * sign of its coefficient: so one sentence fits every account. Where a feature has a term for its value and one for its being
 * unknown, either may be meant.
 */
export function suspicionOf(
  { name, sentence }: Pick<FeatureSpec, "name" | "sentence">,
  terms: readonly Pick<ModelTerm, "feature" | "kind" | "standardised">[],
): string {
  const sides = terms.flatMap(({ feature, kind, standardised }) => {
    if (feature !== name || standardised === 0) return [];
    const above = standardised > 0;
    if (kind === "missing") return [`${above ? "unknown" : "known at all"}: ${sentence}`];
    if (name.startsWith(STAMP_PREFIX) || name === "owner") return [above ? sentence : denied(sentence)];
    return [`a ${above ? "high" : "low"} figure for: ${sentence}`];
  });
  return `the model finds suspicious: ${sides.length === 0 ? sentence : sides.join(", or ")}`;
}

/** "holds the stamp X" is "does not hold the stamp X". */
const denied = (sentence: string): string => sentence.replace(/^(\w+)s /, "does not $1 ");

/** Sentences of everything that a reason can be `by`. */
export function meanings({ features, model }: RoundAssessment, rules: readonly Rule[]): ReadonlyMap<string, string> {
  return new Map([
    ["people", "people looked at it and judged"],
    ...features.specs.map((spec) => [spec.name, suspicionOf(spec, model?.terms ?? [])] as const),
    ...rules.map((rule) => [rule.name, meaningOf(rule)] as const),
  ]);
}

/** What speaks for the verdict on a donor: names of rules and features, and `people`, each once. */
export function signsOf({ reasons, flagged }: RoundAssessment, row: number): string[] {
  const wanted = flagged[row] === 1 ? "sybil" : "human";
  const speaking = (reasons[row] ?? []).filter(({ speaksFor }) => speaksFor === wanted);
  return [...new Set(speaking.map(({ by }) => by))];
}

export function settledBy({ settled, reasons, probability }: RoundAssessment, row: number): SettledBy {
  if (settled[row] !== undefined)
    return reasons[row]?.some(({ kind }) => kind === "people") === true ? "people" : "rule";
  return Number.isNaN(probability[row]) ? "nothing" : "model";
}
