// The exact nearest neighbour of every fingerprint, by Jaccard or by Hamming distance. The two are never mixed.
import { NONE, type FingerprintIndex } from "./fingerprints.js";

/** Jaccard: the share of the bits of either that only one has, 0 to 1. Hamming: the number of bits that differ. */
export type Metric = "jaccard" | "hamming";

/** What is nearest to a distinct set: another distinct set and the bits that both have, or NONE where there is no other. */
export interface Nearest {
  readonly neighbours: Uint32Array;
  readonly common: Uint32Array;
}

/** Distance of two sets from their sizes and what they have in common; two empty sets are equal. */
export function distance(metric: Metric, a: number, b: number, common: number): number {
  if (metric === "hamming") return a + b - 2 * common;
  const union = a + b - common;
  return union === 0 ? 0 : (union - common) / union;
}

/**
 * Finds the nearest other distinct set of `from`, `from + step`, `from + 2 · step`, ... A distinct set with copies is nearest to
 * itself, and is skipped. Of several equally near ones any may be given.
 */
export function findNearest(
  index: FingerprintIndex,
  metric: Metric,
  from = 0,
  step = 1,
  progress = (_done: number) => {},
): Nearest {
  const { copies, sizes, masks, rareStarts, rare, postingStarts, postings } = index;
  const count = copies.length;
  const neighbours = new Uint32Array(count).fill(NONE);
  const common = new Uint32Array(count);
  // Stamps of the query that last saw a set, or has a token: nothing has to be cleared between queries.
  const seen = new Uint32Array(count);
  const marked = new Uint32Array(postingStarts.length);
  const unrelated = new UnrelatedNeighbours(index, metric);
  const nearer = metric === "jaccard" ? nearerByJaccard : nearerByHamming;
  for (let u = from, done = 0; u < count; u += step, done++) {
    if ((done & 1023) === 0) progress(done);
    if ((copies[u] as number) > 1) {
      neighbours[u] = u;
      common[u] = sizes[u] as number;
      continue;
    }
    const size = sizes[u] as number;
    const mask = masks[u] as number;
    const stamp = u + 1;
    const rareFrom = rareStarts[u] as number;
    const rareTo = rareStarts[u + 1] as number;
    let best = unrelated.nearestTo(u);
    let bestCommon = best === NONE ? 0 : popcount(mask & (masks[best] as number));
    let [low, high] = reach(index, metric, size, best === NONE ? NONE : (sizes[best] as number), bestCommon);
    for (let at = rareFrom; at < rareTo; at++) marked[rare[at] as number] = stamp;
    seen[u] = stamp;
    // The rarest token first: its list is short, and what is in it has much in common.
    for (let at = rareTo - 1; at >= rareFrom && low < high; at--) {
      // A set that is in no list so far has none of the rarer tokens: it is within what is left, and no smaller than that.
      const most = size - (rareTo - 1 - at);
      if (best !== NONE && !nearer(size, most, most, sizes[best] as number, bestCommon)) break;
      const token = rare[at] as number;
      const end = postingStarts[token + 1] as number;
      for (let p = lowerBound(postings, postingStarts[token] as number, end, low); p < end; p++) {
        const v = postings[p] as number;
        if (v >= high) break;
        if (seen[v] === stamp) continue;
        seen[v] = stamp;
        let both = popcount(mask & (masks[v] as number));
        // Frequent bits are known; of the rare ones it can have no more than either side has left.
        const left = Math.min(at - rareFrom + 1, (rareStarts[v + 1] as number) - (rareStarts[v] as number));
        if (best !== NONE && !nearer(size, sizes[v] as number, both + left, sizes[best] as number, bestCommon))
          continue;
        for (let other = rareStarts[v] as number; other < (rareStarts[v + 1] as number); other++) {
          if (marked[rare[other] as number] === stamp) both += 1;
        }
        if (best !== NONE && !nearer(size, sizes[v] as number, both, sizes[best] as number, bestCommon)) continue;
        best = v;
        bestCommon = both;
        [low, high] = reach(index, metric, size, sizes[v] as number, both);
      }
    }
    neighbours[u] = best;
    common[u] = bestCommon;
  }
  return { neighbours, common };
}

/** Whether a set of `size` is nearer to one of size `b` with `both` bits in common than to one of size `c` with `most`. */
function nearerByJaccard(size: number, b: number, both: number, c: number, most: number): boolean {
  return both * (size + c - most) > most * (size + b - both);
}

function nearerByHamming(_size: number, b: number, both: number, c: number, most: number): boolean {
  return b - 2 * both < c - 2 * most;
}

/** The distinct sets whose size allows them to be nearer than what is known: those from `low` and below `high`. */
function reach(
  { sizeStarts, sizes }: FingerprintIndex,
  metric: Metric,
  size: number,
  bestSize: number,
  bestCommon: number,
): [low: number, high: number] {
  if (bestSize === NONE) return [0, sizes.length];
  const largest = sizeStarts.length - 2;
  let smallestUseful: number;
  let largestUseful: number;
  if (metric === "jaccard") {
    const union = size + bestSize - bestCommon;
    // |A ∩ B| / |A ∪ B| is at most min / max of the sizes; strictly more than bestCommon / union is asked for.
    smallestUseful = Math.floor((size * bestCommon) / union) + 1;
    largestUseful = bestCommon === 0 ? largest : Math.ceil((size * union) / bestCommon) - 1;
  } else {
    const best = size + bestSize - 2 * bestCommon;
    smallestUseful = size - best + 1;
    largestUseful = size + best - 1;
  }
  const low = Math.max(0, Math.min(smallestUseful, largest + 1));
  const high = Math.max(0, Math.min(largestUseful, largest));
  return [sizeStarts[low] as number, high < low ? (sizeStarts[low] as number) : (sizeStarts[high + 1] as number)];
}

/** The nearest set when only frequent bits are in common: a question about masks and sizes, asked once for each pair of them. */
class UnrelatedNeighbours {
  readonly #index: FingerprintIndex;
  readonly #nearer: typeof nearerByJaccard;
  readonly #known = new Map<number, { group: number; second: number }>();

  constructor(index: FingerprintIndex, metric: Metric) {
    this.#index = index;
    this.#nearer = metric === "jaccard" ? nearerByJaccard : nearerByHamming;
  }

  nearestTo(u: number): number {
    const { masks, sizes } = this.#index;
    const key = (masks[u] as number) * 2 ** 24 + (sizes[u] as number); // 28 bits and 24: no two pairs share a key
    let known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, (known = this.#search(u)));
    // The two nearest of all: at most one of them is the set itself.
    return known.group === u ? known.second : known.group;
  }

  #search(u: number): { group: number; second: number } {
    const { masks, sizes, groupMasks, groupFirst, groupSecond } = this.#index;
    const size = sizes[u] as number;
    const mask = masks[u] as number;
    let first = NONE;
    let firstCommon = 0;
    let second = NONE;
    let secondCommon = 0;
    for (let g = 0; g < groupMasks.length; g++) {
      const both = popcount(mask & (groupMasks[g] as number));
      for (let v = groupFirst[g] as number, last = groupSecond[g] as number; v !== NONE; v = v === last ? NONE : last) {
        const vSize = sizes[v] as number;
        if (first === NONE || this.#nearer(size, vSize, both, sizes[first] as number, firstCommon)) {
          second = first;
          secondCommon = firstCommon;
          first = v;
          firstCommon = both;
        } else if (second === NONE || this.#nearer(size, vSize, both, sizes[second] as number, secondCommon)) {
          second = v;
          secondCommon = both;
        } else break; // the second of a mask is no smaller than its first
      }
    }
    return { group: first, second };
  }
}

function lowerBound(list: Uint32Array, from: number, to: number, value: number): number {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((list[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function popcount(bits: number): number {
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
