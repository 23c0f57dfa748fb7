// How well one measure of an account (a trust score) holds up against another (a flag): shares by band, with intervals, and whether
// they run the wrong way.
import { SybilError } from "./errors.js";
import { rankFeature } from "./meta-rank.js";

export interface Observation {
  readonly score: number;
  readonly flagged: boolean;
}

export interface Band {
  /** Scores above `from`, up to and including `to`; the first band includes its `from`. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly flagged: number;
  /** flagged / count, and the interval of 95 % (Wilson 1927); NaN, and 0 to 1, for a band without accounts. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface Calibration {
  readonly bands: readonly Band[];
  /** Correlations of score and flag; NaN where either does not vary. */
  readonly pearson: number;
  readonly spearman: number;
  /** Positions of neighbouring bands of which the higher has the larger share of flagged accounts, beyond both intervals. */
  readonly rising: readonly number[];
  /** A higher score goes with more flags, over all accounts: the interval of 95 % of the rank correlation is above 0. */
  readonly inverted: boolean;
}

const Z95 = 1.959963984540054;

/** Interval of 95 % of a share (Wilson 1927): right for small counts and for shares near 0 and 1. */
export function wilson(hits: number, count: number): { readonly low: number; readonly high: number } {
  if (count === 0) return { low: 0, high: 1 };
  const share = hits / count;
  const z2 = Z95 * Z95;
  const middle = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half = (Z95 / (1 + z2 / count)) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count));
  return { low: hits === 0 ? 0 : middle - half, high: hits === count ? 1 : middle + half };
}

/**
 * Sorts accounts into bands between ascending `edges`. Throws `sybil/bad-setting` for edges that do not ascend, and for a score
 * that is in no band.
 */
export function calibrate(accounts: readonly Observation[], edges: readonly number[]): Calibration {
  if (edges.length < 2 || edges.some((edge, at) => at > 0 && !(edge > (edges[at - 1] as number)))) {
    throw new SybilError("sybil/bad-setting", `the edges ${edges.join(", ")} make no bands: they must ascend`);
  }
  const counts = edges.slice(1).map(() => ({ count: 0, flagged: 0 }));
  for (const { score, flagged } of accounts) {
    const at = score === edges[0] ? 0 : edges.findIndex((edge) => score <= edge) - 1;
    const band = counts[at];
    if (band === undefined) throw new SybilError("sybil/bad-setting", `the score ${score} is in none of the bands`);
    band.count += 1;
    if (flagged) band.flagged += 1;
  }
  const bands = counts.map(({ count, flagged }, at): Band => {
    const range = { from: edges[at] as number, to: edges[at + 1] as number };
    return { ...range, count, flagged, share: flagged / count, ...wilson(flagged, count) };
  });
  const scores = accounts.map(({ score }) => score);
  const flags = accounts.map(({ flagged }) => Number(flagged));
  const spearman = correlation(averageRanks(scores), averageRanks(flags));
  const filled = [...bands.keys()].filter((at) => (bands[at] as Band).count > 0);
  const rising = filled.slice(1).filter((at, place) => {
    return (bands[at] as Band).low > (bands[filled[place] as number] as Band).high;
  });
  // Fisher's transformation; a correlation of 1 has no width.
  const inverted = accounts.length > 3 && Math.atanh(spearman) - Z95 / Math.sqrt(accounts.length - 3) > 0;
  return { bands, pearson: correlation(scores, flags), spearman, rising, inverted };
}

/** The mean squared difference of probability and outcome (Brier 1950): 0 is perfect, 0.25 is a coin. */
export function brierScore(
  predictions: readonly { readonly probability: number; readonly outcome: boolean }[],
): number {
  const total = predictions.reduce((sum, { probability, outcome }) => sum + (probability - Number(outcome)) ** 2, 0);
  return total / predictions.length;
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const count = a.length;
  let [meanA, meanB] = [0, 0];
  for (let at = 0; at < count; at++) {
    meanA += (a[at] as number) / count;
    meanB += (b[at] as number) / count;
  }
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let at = 0; at < count; at++) {
    const [x, y] = [(a[at] as number) - meanA, (b[at] as number) - meanB];
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA === 0 || squaresB === 0 ? NaN : both / Math.sqrt(squaresA * squaresB);
}

const averageRanks = (values: readonly number[]): Float64Array => rankFeature(values, "low", "loki");
