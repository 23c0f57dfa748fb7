import { keccakHex } from "../../shared/keccak.js";
import { SybilError } from "../errors.js";

export interface ReviewCandidate {
  readonly donor: string;
  /** Of being a Sybil; NaN where nothing gave one. */
  readonly probability: number;
  /** Accounts of one cluster are judged alike; -1 is none. */
  readonly cluster: number;
  /** People have judged it already. */
  readonly judged: boolean;
}

/**
 * The donors whose judgement by people says most: those whose probability is nearest to `cut`, unknown ones being as near as can be.
 * One of each cluster before a second one of any: a farm of a hundred is one question. Donors that people judged are left out. Of
 * equally near ones the seed decides, and not the order in which they are given. Throws `sybil/bad-setting`.
 */
export function sampleForReview(
  candidates: readonly ReviewCandidate[],
  { count, cut, seed }: { readonly count: number; readonly cut: number; readonly seed: number },
): string[] {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new SybilError(
      "sybil/bad-setting",
      `${count} accounts cannot be sampled: the count is a whole number from 1`,
    );
  }
  const open = candidates
    .filter(({ judged }) => !judged)
    .map(({ donor, probability, cluster }) => ({
      donor,
      cluster,
      apart: Number.isNaN(probability) ? 0 : Math.abs(probability - cut),
      draw: keccakHex(`${seed}:${donor}`),
    }))
    .sort((a, b) => a.apart - b.apart || (a.draw < b.draw ? -1 : 1));
  const taken = new Map<number, number>();
  const turns = open.map(({ cluster }) => {
    if (cluster === -1) return 0;
    const turn = taken.get(cluster) ?? 0;
    taken.set(cluster, turn + 1);
    return turn;
  });
  // Sorting is stable: within a turn the nearest stay first.
  return open
    .map(({ donor }, at) => ({ donor, turn: turns[at] as number }))
    .sort((a, b) => a.turn - b.turn)
    .slice(0, count)
    .map(({ donor }) => donor);
}
