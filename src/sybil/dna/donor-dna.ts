import { indexFingerprints, NONE, type FingerprintIndex, type TokenSets } from "./fingerprints.js";
import { distance, findNearest, type Metric, type Nearest } from "./nearest.js";
import { findNearestInThreads, THREADS_FROM } from "./nearest-threads.js";

/**
 * The distance of every set to the nearest other one: 0 where another set is the same. NaN for a single set, which has no other.
 * Sources: the published DonorDNA pipeline (Jaccard); Hamming for comparison.
 */
export function nearestDistances(sets: TokenSets, metric: Metric, progress?: (done: number) => void): Float64Array {
  const index = indexFingerprints(sets);
  return distancesOf(index, metric, findNearest(index, metric, 0, 1, progress));
}

/** The same with `threads` threads where there are enough distinct sets for them to pay (`threadsFrom`). */
export async function nearestDistancesInThreads(
  sets: TokenSets,
  metric: Metric,
  threads: number,
  progress?: (done: number) => void,
  threadsFrom = THREADS_FROM,
): Promise<Float64Array> {
  const index = indexFingerprints(sets);
  const used = index.copies.length < threadsFrom ? 1 : threads;
  return distancesOf(index, metric, await findNearestInThreads(index, metric, used, progress));
}

/** The distance of each row to what was found for its distinct set. */
export function distancesOf(index: FingerprintIndex, metric: Metric, { neighbours, common }: Nearest): Float64Array {
  return Float64Array.from(index.distinct, (u) => {
    const nearest = neighbours[u] as number;
    if (nearest === NONE) return NaN;
    return distance(metric, index.sizes[u] as number, index.sizes[nearest] as number, common[u] as number);
  });
}
