// From matching figures to what a pool pays: sharing, blending, capping, and whole units.
import { FundingError } from "./errors.js";
import { squaredRoots } from "./rules/standard.js";
import type { Round } from "./round.js";

/** Cuts a pool in proportion to the figures; nothing is paid where all of them are 0. */
export function sharePool(figures: Float64Array, pool: number): Float64Array {
  if (!(pool >= 0 && pool < Infinity)) throw new FundingError("funding/bad-setting", `the pool is ${pool}`);
  const total = figures.reduce((sum, figure) => sum + figure, 0);
  return figures.map((figure) => (total === 0 ? 0 : (pool * figure) / total));
}

/** Matching of a project of which only the total and the number of donors are known, as if all had given the same. */
export const equalSplitMatching = (total: number, donors: number): number => total * donors;

/** x parts of one rule and 1 − x of another, each scaled to a sum of 1 first. */
export function blend(first: Float64Array, second: Float64Array, x: number): Float64Array {
  if (!(x >= 0 && x <= 1)) throw new FundingError("funding/bad-setting", `the blend is ${x}: it lies from 0 to 1`);
  const [a, b] = [sharePool(first, 1), sharePool(second, 1)];
  return a.map((share, p) => x * share + (1 - x) * (b[p] as number));
}

/**
 * Limits every payout to `cap` (a share of their sum, above 0): what is cut off goes to the others in proportion, again and again
 * until none exceeds. Where all of them reach the cap, the rest is not paid.
 */
export function capPayouts(payouts: Float64Array, cap: number): Float64Array {
  if (!(cap > 0 && cap <= 1))
    throw new FundingError("funding/bad-setting", `the cap is ${cap}: a share above 0, up to 1`);
  const total = payouts.reduce((sum, payout) => sum + payout, 0);
  const limit = total * cap;
  const capped = new Set<number>();
  for (;;) {
    let free = 0;
    payouts.forEach((payout, p) => (free += capped.has(p) ? 0 : payout));
    const left = total - capped.size * limit;
    const over =
      free === 0 ? [] : [...payouts.keys()].filter((p) => !capped.has(p) && payouts[p]! * (left / free) > limit);
    if (over.length === 0) {
      return payouts.map((payout, p) => (capped.has(p) ? limit : free === 0 ? 0 : payout * (left / free)));
    }
    for (const p of over) capped.add(p);
  }
}

/**
 * Whole units of a token for each payout, by largest remainder: the sum is the units of all payouts together, rounded down, and
 * never above `units` (the pool in units). Equal remainders go to the earlier project.
 */
export function toUnits(payouts: Float64Array, pool: number, units: bigint): bigint[] {
  const total = payouts.reduce((sum, payout) => sum + payout, 0);
  if (total > pool * (1 + 1e-9)) {
    throw new FundingError("funding/bad-setting", `the payouts sum to ${total}, more than the pool of ${pool}`);
  }
  if (total === 0) return Array.from(payouts, () => 0n);
  // Shares of 2^52 keep everything a double knows; from there on the arithmetic is exact.
  const weights = Array.from(payouts, (payout) => BigInt(Math.round((payout / total) * 2 ** 52)));
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0n);
  // A pool that was shared out sums to itself but for rounding, and must not lose a unit to it.
  const share = total > pool * (1 - 1e-12) ? 1 : total / pool;
  const paid = (units * BigInt(Math.round(share * 2 ** 52))) / 2n ** 52n;
  const whole = weights.map((weight) => (paid * weight) / weightSum);
  const rests = weights.map((weight, p) => ({ p, rest: (paid * weight) % weightSum }));
  let left = paid - whole.reduce((sum, part) => sum + part, 0n);
  rests.sort((a, b) => (a.rest === b.rest ? a.p - b.p : a.rest > b.rest ? -1 : 1));
  for (const { p } of rests) {
    if (left === 0n) break;
    whole[p] = (whole[p] as bigint) + 1n;
    left -= 1n;
  }
  return whole;
}

/**
 * What squelching saved according to the sheets of past rounds: they subtract (Σ √c of the squelched)² from (Σ √c)² and divide by
 * the old sum, which leaves the cross terms between honest and squelched donors in. For comparison with those sheets alone;
 * {@link weighDonors} removes a donor.
 */
export function sheetSquelch(round: Round, squelched: ReadonlySet<string>, pool: number): Float64Array {
  const before = squaredRoots(round);
  const total = before.reduce((sum, figure) => sum + figure, 0);
  return before.map((figure, p) => {
    let roots = 0;
    for (let e = round.starts[p] as number; e < (round.starts[p + 1] as number); e++) {
      if (squelched.has(round.donorNames[round.donors[e] as number] as string)) roots += Math.sqrt(round.amounts[e]!);
    }
    return (pool * (figure - roots * roots)) / total;
  });
}
