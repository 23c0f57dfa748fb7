import type { Direction } from "../meta-rank.js";

/** What a column says, and how it may be used. */
export interface FeatureSpec {
  readonly name: string;
  /** Which values are suspicious; `neither` where both can be. */
  readonly suspicious: Direction | "neither";
  /** What the figure counts, for people: it is printed before the figure. */
  readonly sentence: string;
  /** How a model reads it: counts and sums that run over powers of ten are read as log(1 + x). */
  readonly scale: "linear" | "log";
  /** What it was computed from. A label that was made from a source must not be learnt from the same source. */
  readonly sources: readonly string[];
}

/** Donors that two independent signs connect. */
export interface DonorClusters {
  /** Rows of each cluster, ascending; largest first. */
  readonly groups: readonly (readonly number[])[];
  /** The cluster of each row, or -1. */
  readonly of: Int32Array;
  /** How many kinds of signs connect each row with others of its cluster. */
  readonly signs: Uint8Array;
}

/** Everything that is known of donors as numbers: a row for each donor, in the order of the round. */
export interface FeatureTable {
  readonly rows: number;
  readonly specs: readonly FeatureSpec[];
  /** By name, in the order of `specs`; unknown values are NaN. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly clusters: DonorClusters;
}

export const STAMP_PREFIX = "stamp:";

/** The value of one feature in one row; NaN where it is unknown, 0 for a stamp that nobody in the round holds. */
export function featureAt(table: FeatureTable, name: string, row: number): number {
  const column = table.columns.get(name);
  if (column === undefined) return name.startsWith(STAMP_PREFIX) ? 0 : NaN;
  return column[row] as number;
}
