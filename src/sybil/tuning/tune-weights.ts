// Weights and threshold for the next round out of what this one showed (sybil.md, 6): a regularised logistic fit on stamps alone, of
// which evidence for a holder becomes points, and everything else does not.
import { canonicalPoints, POINT, type Points } from "../../scoring/rules/points.js";
import { compileRules } from "../../scoring/rules/compile.js";
import { MAX_WEIGHT, parseRules } from "../../scoring/rules/parse-rules.js";
import { rulesDocument, type ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { SybilError } from "../errors.js";
import { proposeWeights, SEPARATED_BEYOND } from "./coefficients.js";
import { flipReport, type FlipReport } from "./flips.js";
import { costToPass, type PassCost } from "./pass-costs.js";
import { pointsOf } from "./passing.js";
import { bestPairs, countClasses, stampEffects, type PairEffect, type StampEffect } from "./stamp-effects.js";
import { clusterFolds, requireBothClasses, type TuningSubject } from "./subjects.js";
import { atThreshold, choosePoint, tradeOff, type TradeOffPoint, type TuningGoal } from "./trade-off.js";
import { shareOf, type Share } from "./shares.js";

/** A stamp's part in the log-odds of being a person. */
export interface FittedCoefficient {
  readonly value: number;
  /** Undefined where the fit has none: columns that are equal, or all one class. */
  readonly standardError: number | undefined;
}

export interface StampFit {
  readonly intercept: number;
  /** One for each stamp that was asked for and does not stand for another. */
  readonly coefficients: ReadonlyMap<string, FittedCoefficient>;
  /** What was fitted, for the report: penalty and how it was chosen. */
  readonly method: string;
}

/** Fits a regularised logistic model of "is a person" on these stamps. */
export type FitStamps = (subjects: readonly TuningSubject[], stamps: readonly string[]) => StampFit;

export interface TuningRequest {
  readonly subjects: readonly TuningSubject[];
  /** The rules that are in force: gates, groups and lists stay as they are. */
  readonly rules: ScorerRules;
  readonly goal: TuningGoal;
  readonly prices: ReadonlyMap<string, number>;
  readonly fit: FitStamps;
  /** Of subjects by cluster, for the out-of-sample figures; 5 unless told. */
  readonly folds?: number;
}

/**
 * Why a stamp has the weight that it has: `fitted` from its coefficient; `negative` evidence gives 0; a `separated` coefficient, and
 * that of a stamp with too `few` holders in either class, is no weight: such a stamp keeps its share of all points.
 */
export type WeightOrigin = "fitted" | "negative" | "separated" | "few";

/** Holders in either class below which a coefficient says nothing (sybil.md, 2.9). */
export const FEWEST_HOLDERS = 20;

export interface TunedStamp extends StampEffect {
  readonly origin: WeightOrigin;
  readonly coefficient: number | undefined;
  readonly standardError: number | undefined;
  readonly before: Points;
  readonly after: Points;
}

export interface Tuning {
  readonly goal: TuningGoal;
  readonly subjects: { readonly people: number; readonly sybils: number };
  readonly method: string;
  readonly rules: ScorerRules;
  readonly stamps: readonly TunedStamp[];
  readonly curve: readonly TradeOffPoint[];
  readonly before: TradeOffPoint;
  /** Over the accounts that the weights were fitted to: too good. */
  readonly after: TradeOffPoint;
  /** Each fold under weights and threshold that were made without it: what to expect of the next round at best. */
  readonly outOfSample: { readonly people: Share; readonly sybils: Share; readonly folds: number };
  readonly flips: FlipReport;
  readonly pairs: readonly PairEffect[];
  readonly passCost: { readonly before: PassCost | undefined; readonly after: PassCost | undefined };
}

/**
 * Proposes rules. Throws `sybil/bad-setting` where a class is missing or no stamp speaks for its holder, and `sybil/goal-out-of-reach`.
 */
export function tuneWeights({ subjects, rules, goal, prices, fit, folds = 5 }: TuningRequest): Tuning {
  requireBothClasses(subjects);
  if (!Number.isSafeInteger(folds) || folds < 2) {
    throw new SybilError("sybil/bad-setting", `${folds} folds: there must be 2 or more`);
  }
  const proposal = propose(subjects, rules, goal, fit);
  const passports = subjects.map(({ stamps }) => stamps);
  const sybil = subjects.map(({ sybil: label }) => label);
  const old = { points: pointsOf(rules, passports), threshold: rules.threshold };
  const next = { points: pointsOf(proposal.rules, passports), threshold: proposal.rules.threshold };
  const names = [...rules.weights.keys()];
  const effects = stampEffects(subjects, names);
  return {
    goal,
    subjects: countClasses(subjects),
    method: proposal.method,
    rules: proposal.rules,
    stamps: effects.map((effect) => {
      const fitted = proposal.coefficients.get(effect.stamp);
      return {
        ...effect,
        origin: proposal.origins.get(effect.stamp) as WeightOrigin,
        coefficient: fitted?.value,
        standardError: fitted?.standardError,
        before: rules.weights.get(effect.stamp) as Points,
        after: proposal.rules.weights.get(effect.stamp) as Points,
      };
    }),
    curve: tradeOff({ points: next.points, sybil }),
    before: atThreshold({ points: old.points, sybil }, old.threshold),
    after: atThreshold({ points: next.points, sybil }, next.threshold),
    outOfSample: outOfSample(subjects, rules, goal, fit, folds),
    flips: flipReport(subjects, old, next),
    pairs: bestPairs(subjects, names),
    passCost: { before: costToPass(rules, prices), after: costToPass(proposal.rules, prices) },
  };
}

interface RulesProposal {
  readonly rules: ScorerRules;
  readonly origins: ReadonlyMap<string, WeightOrigin>;
  readonly coefficients: ReadonlyMap<string, FittedCoefficient>;
  readonly method: string;
}

/** New weights that sum up to what the old ones do, and the threshold that serves the goal. */
function propose(
  subjects: readonly TuningSubject[],
  rules: ScorerRules,
  goal: TuningGoal,
  fit: FitStamps,
): RulesProposal {
  const origins = new Map<string, WeightOrigin>();
  const held = new Map(stampEffects(subjects, [...rules.weights.keys()]).map((effect) => [effect.stamp, effect]));
  const judged = [...held.values()].flatMap(({ stamp, people, sybils }) => {
    const enough = Math.min(people.hits, sybils.hits) >= FEWEST_HOLDERS;
    if (!enough) origins.set(stamp, "few");
    return enough ? [stamp] : [];
  });
  const fitted = fit(subjects, judged);
  for (const stamp of judged) {
    const value = fitted.coefficients.get(stamp)?.value ?? 0;
    origins.set(stamp, Math.abs(value) > SEPARATED_BEYOND ? "separated" : value > 0 ? "fitted" : "negative");
  }
  const keeps = (stamp: string) => origins.get(stamp) === "few" || origins.get(stamp) === "separated";
  const sum = (weights: Iterable<number>) => [...weights].reduce((total, weight) => total + weight, 0);
  const total = sum(rules.weights.values()) || 100 * POINT;
  const kept = sum([...rules.weights].flatMap(([stamp, weight]) => (keeps(stamp) ? [weight] : [])));
  const coefficients = new Map(judged.map((stamp) => [stamp, fitted.coefficients.get(stamp)?.value ?? 0]));
  const { points } = proposeWeights(coefficients, (total - kept) / POINT);
  const weights = new Map(
    [...rules.weights].map(([stamp, weight]) => [stamp, keeps(stamp) ? weight : (points.get(stamp) as number)]),
  );
  const sybil = subjects.map((subject) => subject.sybil);
  const passports = subjects.map(({ stamps }) => stamps);
  // At a threshold of one unit conditions decide alone: the curve finds the threshold itself.
  const open = withWeights(rules, weights, 1);
  const { threshold } = choosePoint(tradeOff({ points: pointsOf(open, passports), sybil }), goal);
  return {
    rules: keepThreshold(rules, weights, threshold) ?? withWeights(rules, weights, threshold),
    origins,
    coefficients: fitted.coefficients,
    method: fitted.method,
  };
}

/**
 * The weights stretched so that the threshold stays what it was: the scale of influence hangs on it, and what people know. Rounded up,
 * so that whoever reached the threshold reaches it. Undefined where limits and conditions are in points too, and where a weight
 * would become larger than rules allow.
 */
function keepThreshold(
  rules: ScorerRules,
  weights: ReadonlyMap<string, Points>,
  threshold: Points,
): ScorerRules | undefined {
  const stretched = new Map(
    [...weights].map(([stamp, weight]) => [stamp, Math.ceil((weight * rules.threshold) / threshold)]),
  );
  if (!compileRules(rules).plain || Math.max(...stretched.values()) > MAX_WEIGHT) return undefined;
  return withWeights(rules, stretched, rules.threshold);
}

/** The same rules with other weights, read again so that nothing comes out that a scorer would refuse. */
function withWeights(rules: ScorerRules, weights: ReadonlyMap<string, Points>, threshold: Points): ScorerRules {
  const texts = [...weights].map(([stamp, weight]) => [stamp, canonicalPoints(weight)]);
  return parseRules({
    ...rulesDocument(rules),
    weights: Object.fromEntries(texts) as Record<string, string>,
    threshold: canonicalPoints(threshold),
  });
}

function outOfSample(
  subjects: readonly TuningSubject[],
  rules: ScorerRules,
  goal: TuningGoal,
  fit: FitStamps,
  folds: number,
): Tuning["outOfSample"] {
  const fold = clusterFolds(subjects, folds);
  const [people, sybils] = [
    [0, 0],
    [0, 0],
  ] as [[number, number], [number, number]];
  let used = 0;
  for (let out = 0; out < folds; out++) {
    const training = subjects.filter((_, at) => fold[at] !== out);
    const held = subjects.filter((_, at) => fold[at] === out);
    if (held.length === 0) continue;
    const classes = countClasses(training);
    if (classes.people === 0 || classes.sybils === 0) continue;
    const made = proposeOrSkip(training, rules, goal, fit);
    if (made === undefined) continue;
    used += 1;
    const points = pointsOf(
      made.rules,
      held.map(({ stamps }) => stamps),
    );
    held.forEach(({ sybil }, at) => {
      const row = sybil ? sybils : people;
      row[1] += 1;
      if ((points[at] as number) >= made.rules.threshold) row[0] += 1;
    });
  }
  return { people: shareOf(...people), sybils: shareOf(...sybils), folds: used };
}

/** Without a fold the goal may be out of reach: that fold says nothing. */
function proposeOrSkip(
  subjects: readonly TuningSubject[],
  rules: ScorerRules,
  goal: TuningGoal,
  fit: FitStamps,
): RulesProposal | undefined {
  try {
    return propose(subjects, rules, goal, fit);
  } catch (error) {
    if (error instanceof SybilError) return undefined;
    throw error;
  }
}
