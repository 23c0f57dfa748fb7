import { brierScore, calibrate, type Calibration } from "../calibration.js";
import { rankFeature } from "../meta-rank.js";

/** How good probabilities are for accounts that the model had not seen. */
export interface Quality {
  readonly count: number;
  /** The mean of -log of the probability that was given to what is so; log 2 is a coin. */
  readonly logLoss: number;
  readonly brier: number;
  /** The chance that a Sybil has a higher probability than a person; ties count half. NaN with one class only. */
  readonly auc: number;
  /** Shares of Sybils in ten bands of probability, with intervals. */
  readonly calibration: Calibration;
}

const EDGES = Array.from({ length: 11 }, (_, tenth) => tenth / 10);

export function measureQuality(probabilities: ArrayLike<number>, outcomes: ArrayLike<number>): Quality {
  const predictions = Array.from(probabilities, (probability, at) => ({ probability, outcome: outcomes[at] === 1 }));
  const observations = predictions.map(({ probability, outcome }) => ({ score: probability, flagged: outcome }));
  return {
    count: predictions.length,
    logLoss: logLoss(probabilities, outcomes),
    brier: brierScore(predictions),
    auc: areaUnderCurve(probabilities, outcomes),
    calibration: calibrate(observations, EDGES),
  };
}

/** Probabilities of 0 and 1 are taken to be off by what double precision can be. */
export function logLoss(probabilities: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < probabilities.length; at++) {
    const given = outcomes[at] === 1 ? (probabilities[at] as number) : 1 - (probabilities[at] as number);
    sum -= Math.log(Math.max(given, Number.EPSILON));
  }
  return sum / probabilities.length;
}

/** From ranks (Mann and Whitney 1947). */
export function areaUnderCurve(scores: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  const ranks = rankFeature(Array.from(scores), "low", "loki");
  let [sybils, sum] = [0, 0];
  for (let at = 0; at < ranks.length; at++) {
    if (outcomes[at] !== 1) continue;
    sybils += 1;
    sum += ranks[at] as number;
  }
  return (sum - (sybils * (sybils + 1)) / 2) / (sybils * (ranks.length - sybils));
}
