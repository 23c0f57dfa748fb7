import type { CanonicalValue } from "../../shared/canonical-json.js";

export type Verdict = "human" | "sybil";
/** Strong rules settle an account before any model; weak ones are evidence. */
export type Strength = "strong" | "weak";

/** The features of one account by name; NaN is unknown, and fulfils no comparison. */
export type FeatureReader = (name: string) => number;

/** A rule with its thresholds, ready to judge. */
export interface Rule {
  readonly name: string;
  readonly verdict: Verdict;
  readonly strength: Strength;
  /** The features it reads. */
  readonly reads: readonly string[];
  /** What it was made from, for the hash. */
  readonly document: CanonicalValue;
  /** Why the rule holds for an account, with the figures, as people read it; undefined where it does not hold. */
  readonly judge: (value: FeatureReader) => string | undefined;
}

/** A threshold of a built-in rule. */
export interface Threshold {
  readonly standard: number;
  readonly least: number;
  readonly most: number;
}

/** A built-in rule, before a configuration sets its thresholds. */
export interface RuleKind {
  readonly name: string;
  readonly verdict: Verdict;
  readonly strength: Strength;
  readonly thresholds: Readonly<Record<string, Threshold>>;
  /** Providers of stamps that the rule looks for, where it does. */
  readonly providers: readonly string[];
  readonly reads: (providers: readonly string[]) => readonly string[];
  readonly judge: (
    value: FeatureReader,
    thresholds: Readonly<Record<string, number>>,
    providers: readonly string[],
  ) => string | undefined;
}

/** Fills in what most rules have none of, and checks at compile time that a rule uses its own thresholds only. */
export function ruleKind<Name extends string>(kind: {
  readonly name: string;
  readonly verdict: Verdict;
  readonly strength: Strength;
  readonly thresholds: Readonly<Record<Name, Threshold>>;
  readonly providers?: readonly string[];
  readonly reads: (providers: readonly string[]) => readonly string[];
  readonly judge: (
    value: FeatureReader,
    thresholds: Readonly<Record<Name, number>>,
    providers: readonly string[],
  ) => string | undefined;
}): RuleKind {
  return { providers: [], ...kind };
}

/** A figure in a reason: whole, or with two decimals. */
export const figure = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
