// Weights and threshold for the next round out of what this one showed (sybil.md, 6): a regularised logistic fit on stamps alone, of
// which evidence for a holder becomes points, and everything else does not.
import type { Points } from "../../scoring/rules/points.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { noProgress, type Progress } from "../../shared/progress.js";
import { SybilError } from "../errors.js";
import { fitStamps } from "./evidence/fit-stamps.js";
import { flipReport, type FlipReport } from "./flips.js";
import { costToPass, type PassCost } from "./pass-costs.js";
import { pointsOf } from "./passing.js";
import { proposeRules, type ProposalRequest, type WeightOrigin } from "./propose-rules.js";
import { shareOf, type Share } from "./curve/shares.js";
import { bestPairs, countClasses, stampEffects, type PairEffect, type StampEffect } from "./evidence/stamp-effects.js";
import type { FitStamps } from "./evidence/stamp-fit.js";
import { clusterFolds, requireBothClasses, type TuningSubject } from "./evidence/subjects.js";
import { atThreshold, choosePoint, tradeOff, type TradeOffPoint, type TuningGoal } from "./curve/trade-off.js";

export interface TuningRequest {
  readonly subjects: readonly TuningSubject[];
  /** The rules that are in force: gates, groups and lists stay as they are. */
  readonly rules: ScorerRules;
  readonly goal: TuningGoal;
  /** Dollars that forging each stamp costs; empty where no prices are known. */
  readonly prices: ReadonlyMap<string, number>;
  /**
   * Dollars that the cheapest set of stamps that passes must cost; what it costs under the present rules unless told. Stamps without
   * a price are left out of it.
   */
  readonly leastCost?: number;
  readonly fit?: FitStamps;
  /** Of subjects by cluster, for the out-of-sample figures; 5 unless told. */
  readonly folds?: number;
  readonly progress?: Progress;
}

export interface TunedStamp extends StampEffect {
  readonly origin: WeightOrigin;
  readonly coefficient: number | undefined;
  readonly standardError: number | undefined;
  readonly before: Points;
  readonly after: Points;
}

export interface Tuning {
  readonly goal: TuningGoal;
  readonly leastCost: number;
  readonly subjects: { readonly people: number; readonly sybils: number };
  readonly method: string;
  readonly rules: ScorerRules;
  readonly stamps: readonly TunedStamp[];
  readonly curve: readonly TradeOffPoint[];
  readonly before: TradeOffPoint;
  /** The old weights at the threshold that serves the goal best; undefined where none does. */
  readonly thresholdAlone: TradeOffPoint | undefined;
  /** Over the accounts that the weights were fitted to: too good. */
  readonly after: TradeOffPoint;
  /**
   * Each fold under weights and threshold that were made without it (the penalty alone is that of all): what to expect of the next
   * round at best.
   */
  readonly outOfSample: { readonly people: Share; readonly sybils: Share; readonly folds: number };
  readonly flips: FlipReport;
  readonly pairs: readonly PairEffect[];
  readonly passCost: { readonly before: PassCost | undefined; readonly after: PassCost | undefined };
}

/**
 * Proposes rules. Throws `sybil/bad-setting` where a class is missing or no stamp speaks for its holder, and `sybil/goal-out-of-reach`.
 */
export function tuneWeights(request: TuningRequest): Tuning {
  const { subjects, rules, goal, prices, fit = fitStamps, folds = 5, progress = noProgress } = request;
  requireBothClasses(subjects);
  if (!Number.isSafeInteger(folds) || folds < 2) {
    throw new SybilError("sybil/bad-setting", `${folds} folds: there must be 2 or more`);
  }
  const passCost = costToPass(rules, prices);
  const leastCost = request.leastCost ?? passCost?.cost ?? 0;
  if (!(leastCost >= 0 && leastCost < Infinity)) {
    throw new SybilError("sybil/bad-setting", `the least cost of passing is ${leastCost}: it is a sum from 0`);
  }
  progress.update("weights", subjects.length);
  const asked: ProposalRequest = { rules, goal, prices, leastCost, fit };
  const proposal = proposeRules(subjects, asked);
  const passports = subjects.map(({ stamps }) => stamps);
  const sybil = subjects.map(({ sybil: label }) => label);
  const old = { points: pointsOf(rules, passports), sybil, threshold: rules.threshold };
  const next = { points: pointsOf(proposal.rules, passports), sybil, threshold: proposal.rules.threshold };
  const names = [...rules.weights.keys()];
  const { fitted } = proposal;
  const again: FitStamps = (some, stamps) => fit(some, stamps, fitted.penalty);
  return {
    goal,
    leastCost,
    subjects: countClasses(subjects),
    method: fitted.method,
    rules: proposal.rules,
    stamps: stampEffects(subjects, names).map((effect) => ({
      ...effect,
      origin: proposal.origins.get(effect.stamp) as WeightOrigin,
      coefficient: fitted.coefficients.get(effect.stamp)?.value,
      standardError: fitted.coefficients.get(effect.stamp)?.standardError,
      before: rules.weights.get(effect.stamp) as Points,
      after: proposal.rules.weights.get(effect.stamp) as Points,
    })),
    curve: tradeOff(next),
    before: atThreshold(old, old.threshold),
    thresholdAlone: withinReach(() => choosePoint(tradeOff(old), goal)),
    after: atThreshold(next, next.threshold),
    outOfSample: outOfSample(subjects, { ...asked, fit: again }, folds, progress),
    flips: flipReport(subjects, old, next),
    pairs: bestPairs(subjects, names),
    passCost: { before: passCost, after: costToPass(proposal.rules, prices) },
  };
}

function outOfSample(
  subjects: readonly TuningSubject[],
  request: ProposalRequest,
  folds: number,
  progress: Progress,
): Tuning["outOfSample"] {
  const fold = clusterFolds(subjects, folds);
  const people: [number, number] = [0, 0];
  const sybils: [number, number] = [0, 0];
  let used = 0;
  for (let out = 0; out < folds; out++) {
    progress.update("clusters left out", out, folds);
    const held = subjects.filter((_, at) => fold[at] === out);
    const training = subjects.filter((_, at) => fold[at] !== out);
    // Without a fold a class may be missing, or the goal be out of reach: that fold says nothing.
    const made = withinReach(() => proposeRules(training, request));
    if (made === undefined || held.length === 0) continue;
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

function withinReach<Result>(body: () => Result): Result | undefined {
  try {
    return body();
  } catch (error) {
    if (error instanceof SybilError) return undefined;
    throw error;
  }
}
