import { wilson } from "../calibration.js";
import { featureAt, type FeatureTable } from "../features/feature-table.js";
import type { Rule, Strength, Verdict } from "./rule.js";

/** A rule that holds for an account. */
export interface Evidence {
  readonly rule: string;
  readonly verdict: Verdict;
  readonly strength: Strength;
  /** For people, with figures. */
  readonly reason: string;
}

/** A share with its interval of 95 % (Wilson). */
export interface Share {
  readonly hits: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
}

/** What one rule did in a round. */
export interface RuleReport {
  readonly name: string;
  readonly verdict: Verdict;
  readonly strength: Strength;
  /** Accounts that it holds for. */
  readonly hits: number;
  /** Accounts that it settled, no rule before it having done so. */
  readonly settled: number;
  /** Of its hits, those that another strong rule judges the other way. */
  readonly contradicted: number;
  /** Of its hits that people judged, those that they judged as it does; undefined where they judged none. */
  readonly precision: Share | undefined;
  /** Of the accounts that people judged so, those that it found; undefined where there are none. */
  readonly recall: Share | undefined;
}

export interface HeuristicsResult {
  /** What each account was settled as, by the first strong rule that holds; undefined where none does. */
  readonly verdicts: readonly (Verdict | undefined)[];
  readonly settledBy: readonly (string | undefined)[];
  /** All rules that hold for each account, in the order of the rules. */
  readonly evidence: readonly (readonly Evidence[])[];
  readonly rules: readonly RuleReport[];
  /** The share of accounts that no model had to judge. */
  readonly settledShare: number;
}

/** Judges every donor by every rule. `judged` is what people said of each donor, where they did. */
export function runHeuristics(
  rules: readonly Rule[],
  table: FeatureTable,
  judged: readonly (Verdict | undefined)[] = [],
): HeuristicsResult {
  const evidence = Array.from({ length: table.rows }, (_, row) => {
    const value = (name: string) => featureAt(table, name, row);
    return rules.flatMap(({ name, verdict, strength, judge }): Evidence[] => {
      const reason = judge(value);
      return reason === undefined ? [] : [{ rule: name, verdict, strength, reason }];
    });
  });
  const settling = evidence.map((found) => found.find(({ strength }) => strength === "strong"));
  return {
    verdicts: settling.map((first) => first?.verdict),
    settledBy: settling.map((first) => first?.rule),
    evidence,
    rules: rules.map((rule) => report(rule, evidence, settling, judged)),
    settledShare: table.rows === 0 ? 0 : settling.filter((first) => first !== undefined).length / table.rows,
  };
}

function report(
  { name, verdict, strength }: Rule,
  evidence: readonly (readonly Evidence[])[],
  settling: readonly (Evidence | undefined)[],
  judged: readonly (Verdict | undefined)[],
): RuleReport {
  const hit = evidence.map((found) => found.some(({ rule }) => rule === name));
  const hits = [...hit.keys()].filter((row) => hit[row]);
  const known = hits.filter((row) => judged[row] !== undefined);
  const alike = hits.filter((row) => judged[row] === verdict);
  const against = hits.filter((row) =>
    evidence[row]?.some((other) => other.strength === "strong" && other.verdict !== verdict),
  );
  return {
    name,
    verdict,
    strength,
    hits: hits.length,
    settled: settling.filter((first) => first?.rule === name).length,
    contradicted: against.length,
    precision: shareOf(alike.length, known.length),
    recall: shareOf(alike.length, judged.filter((one) => one === verdict).length),
  };
}

function shareOf(hits: number, of: number): Share | undefined {
  return of === 0 ? undefined : { hits, of, ...wilson(hits, of) };
}
