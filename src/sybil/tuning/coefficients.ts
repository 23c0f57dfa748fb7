// Weights of stamps from the coefficients of a logistic model (sybil.md, 6): the map behind the first published table, its faults,
// and the one that the product proposes instead.
import { SybilError } from "../errors.js";

export interface Weighted {
  readonly weights: ReadonlyMap<string, number>;
  /** Points for one unit of coefficient. */
  readonly scale: number;
}

/**
 * The published map: w = b · (coefficient − least + 1), b so that the weights sum to `total`. Every stamp helps, even one that
 * speaks against its holder: for reproduction only.
 */
export function affineWeights(coefficients: ReadonlyMap<string, number>, total = 100): Weighted {
  if (coefficients.size === 0) throw new SybilError("sybil/bad-setting", "there are no coefficients");
  const least = Math.min(...coefficients.values());
  const raised = [...coefficients].map(([stamp, value]) => [stamp, value - least + 1] as const);
  const scale = total / raised.reduce((sum, [, value]) => sum + value, 0);
  return { weights: new Map(raised.map(([stamp, value]) => [stamp, scale * value])), scale };
}

/** The coefficient that a weight of {@link affineWeights} stands for: of a stamp that the model could not fit. */
export const impliedCoefficient = (weight: number, scale: number, least: number): number => weight / scale + least - 1;

/** A coefficient beyond it is a sign of separation: too few holders of one class, not strong evidence. */
export const SEPARATED_BEYOND = 8;

export interface WeightFaults {
  /** Stamps that speak against their holder and give points, and the points they give. */
  readonly negative: readonly string[];
  readonly negativePoints: number;
  /** Stamps whose coefficient is beyond {@link SEPARATED_BEYOND}. */
  readonly separated: readonly string[];
}

/** What is wrong with weights, given the coefficients that they came from. */
export function findWeightFaults(
  coefficients: ReadonlyMap<string, number>,
  weights: ReadonlyMap<string, number>,
): WeightFaults {
  const named = (wanted: (value: number) => boolean) =>
    [...coefficients].flatMap(([stamp, value]) => (wanted(value) ? [stamp] : []));
  const negative = named((value) => value < 0).filter((stamp) => (weights.get(stamp) ?? 0) > 0);
  const negativePoints = negative.reduce((sum, stamp) => sum + (weights.get(stamp) ?? 0), 0);
  return { negative, negativePoints, separated: named((value) => Math.abs(value) > SEPARATED_BEYOND) };
}

export interface Proposal {
  /** On the grid of 1e-4 points, as integers. */
  readonly points: ReadonlyMap<string, number>;
  /** Stamps that get nothing, and why. */
  readonly refused: ReadonlyMap<string, "negative" | "separated">;
}

/**
 * Weights in proportion to positive coefficients of a regularised model, summing to `total` points of 10,000 units: negative
 * evidence gives 0, and a coefficient that separation made is no weight. Throws `sybil/bad-setting` when nothing is left.
 */
export function proposeWeights(coefficients: ReadonlyMap<string, number>, total = 100): Proposal {
  const refused = new Map<string, "negative" | "separated">();
  let sum = 0;
  for (const [stamp, value] of coefficients) {
    if (Math.abs(value) > SEPARATED_BEYOND) refused.set(stamp, "separated");
    else if (value < 0) refused.set(stamp, "negative");
    else sum += value;
  }
  if (sum === 0) throw new SybilError("sybil/bad-setting", "no stamp has a positive coefficient: nothing to propose");
  const points = new Map<string, number>();
  for (const [stamp, value] of coefficients) {
    points.set(stamp, refused.has(stamp) ? 0 : Math.round((total * 10_000 * value) / sum));
  }
  return { points, refused };
}

/** How much a stamp multiplies the odds of being a person. */
export const oddsRatio = (coefficient: number): number => Math.exp(coefficient);

/** Probability of the model for an account with these stamps. Throws `sybil/bad-setting` for a stamp without coefficient. */
export function logisticProbability(
  intercept: number,
  coefficients: ReadonlyMap<string, number>,
  stamps: Iterable<string>,
): number {
  let logit = intercept;
  for (const stamp of new Set(stamps)) {
    const value = coefficients.get(stamp);
    if (value === undefined) throw new SybilError("sybil/bad-setting", `the model has no coefficient for ${stamp}`);
    logit += value;
  }
  return 1 / (1 + Math.exp(-logit));
}
