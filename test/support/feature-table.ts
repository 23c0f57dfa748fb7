import type { FeatureTable } from "../../src/sybil/features/feature-table.js";
import type { Training } from "../../src/sybil/model/design.js";

/** A feature table of these columns, all linear and each its own source; nobody is in a cluster. */
export function tableOf(columns: Readonly<Record<string, ArrayLike<number>>>): FeatureTable {
  const entries = Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)] as const);
  const rows = entries[0]?.[1].length ?? 0;
  return {
    rows,
    specs: entries.map(([name]) => ({ name, suspicious: "high", sentence: name, scale: "linear", sources: [name] })),
    columns: new Map(entries),
    clusters: { groups: [], of: new Int32Array(rows).fill(-1), signs: new Uint8Array(rows) },
  };
}

/** All rows as a training set; each is a group of its own unless groups are given. */
export function trainingOf(
  outcomes: ArrayLike<number>,
  { weights, groups }: { weights?: ArrayLike<number>; groups?: ArrayLike<number> } = {},
): Training {
  const count = outcomes.length;
  const given = Float64Array.from({ length: count }, (_, at) => weights?.[at] ?? 1);
  const total = given.reduce((sum, weight) => sum + weight, 0);
  return {
    rows: Uint32Array.from({ length: count }, (_, at) => at),
    outcomes: Uint8Array.from(outcomes),
    weights: given.map((weight) => weight / total),
    groups: Int32Array.from({ length: count }, (_, at) => groups?.[at] ?? at),
  };
}
