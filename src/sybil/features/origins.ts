import type { RoundAccount } from "../round/round-tables.js";

export interface OriginFeatures {
  readonly used: Float64Array;
  readonly shared: Float64Array;
  readonly ratio: Float64Array;
}

/** Other accounts from which on an origin is shared: a couple behind one router is none. */
const OTHERS = 2;

/** Origins used, those that at least two others use, and their share to two decimals (sybil.md, 2.4); NaN where nobody looked. */
export function originFeatures(accounts: readonly RoundAccount[]): OriginFeatures {
  const seen = new Map<string, number>();
  const distinct = accounts.map(({ origins }) => new Set(origins));
  for (const origins of distinct) for (const origin of origins) seen.set(origin, (seen.get(origin) ?? 0) + 1);
  const used = Float64Array.from(distinct, ({ size }) => (size === 0 ? NaN : size));
  const shared = Float64Array.from(distinct, (origins) => {
    if (origins.size === 0) return NaN;
    let count = 0;
    for (const origin of origins) if ((seen.get(origin) as number) > OTHERS) count += 1;
    return count;
  });
  return { used, shared, ratio: shared.map((count, row) => Math.round((100 * count) / (used[row] as number)) / 100) };
}
