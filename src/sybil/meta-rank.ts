// MetaRank (sybil.md, 2.5): the rank of an account summed over features, and the labels that are cut from it. Both treatments of
// missing values are cautious: one pushes an account away from "probably Sybil", the other away from "probably human".
import { SybilError } from "./errors.js";

/** Whether a low value is suspicious, or a high one. */
export type Direction = "low" | "high";

/** In the order of the published file. */
export const META_RANK_FEATURES: readonly (readonly [name: string, suspicious: Direction])[] = [
  ["LevDistance", "low"],
  ["LevMatchCount", "high"],
  ["IntersectionalityScore", "low"],
  ["DDNADistance", "low"],
  ["DDNAGrantsDonated", "low"],
  ["APUScore", "low"],
  ["SADScore", "high"],
  ["GrantOwner", "low"],
  ["IPsSharedRatio", "high"],
  ["IPsUsedCount", "high"],
  ["IPsSharedCount", "high"],
];

/** Where missing values are ranked: after all present ones (`loki`), or before them (`thor`). */
export type Treatment = "loki" | "thor";

/**
 * Ranks one feature from 1, the most suspicious first. Ties get their average rank; missing values (undefined) keep distinct
 * ranks in row order, so that the order of the rows is part of the input.
 */
export function rankFeature(
  values: readonly (number | undefined)[],
  suspicious: Direction,
  missing: Treatment,
): Float64Array {
  const ranks = new Float64Array(values.length);
  const present = [...values.keys()].filter((row) => values[row] !== undefined);
  const sign = suspicious === "low" ? 1 : -1;
  present.sort((a, b) => sign * ((values[a] as number) - (values[b] as number)));
  const absent = values.length - present.length;
  const before = missing === "thor" ? absent : 0;
  for (let from = 0; from < present.length;) {
    let to = from + 1;
    while (to < present.length && values[present[to] as number] === values[present[from] as number]) to += 1;
    const average = before + (from + 1 + to) / 2;
    for (let at = from; at < to; at++) ranks[present[at] as number] = average;
    from = to;
  }
  let next = missing === "thor" ? 1 : present.length + 1;
  values.forEach((value, row) => {
    if (value === undefined) ranks[row] = next++;
  });
  return ranks;
}

/**
 * The sum of all ranks, scaled to 0 (most suspicious) to 1. `features` are columns of equal length. Throws `sybil/bad-setting`
 * when all rows have the same sum: there is nothing to scale.
 */
export function metaRank(
  features: readonly { readonly values: readonly (number | undefined)[]; readonly suspicious: Direction }[],
  missing: Treatment,
): Float64Array {
  const rows = features[0]?.values.length ?? 0;
  const totals = new Float64Array(rows);
  for (const { values, suspicious } of features) {
    const ranks = rankFeature(values, suspicious, missing);
    for (let row = 0; row < rows; row++) totals[row] = (totals[row] as number) + (ranks[row] as number);
  }
  let least = Infinity;
  let most = -Infinity;
  for (const total of totals) {
    least = Math.min(least, total);
    most = Math.max(most, total);
  }
  if (!(least < most)) throw new SybilError("sybil/bad-setting", "all rows rank the same: there is nothing to compare");
  return totals.map((total) => (total - least) / (most - least));
}

/** Cuts of the published labels. */
export const LOKI_AT_MOST = 0.3;
export const THOR_AT_LEAST = 0.75;
