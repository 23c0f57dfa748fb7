// The table of trust against flags (sybil.md, 4), from a file to a file.
import path from "node:path";

import { calibrate, type Calibration, type Observation } from "./calibration.js";
import { SybilError } from "./errors.js";
import { numberOf, readTable } from "./tables/read-table.js";

/** The edges of the published bands. */
export const PUBLISHED_EDGES: readonly number[] = [0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6];

export interface TrustBands extends Calibration {
  readonly accounts: number;
  /** Rows that were left out, because a score is missing. */
  readonly incomplete: number;
}

/**
 * Reads `donor,trust_bonus,sad` and sorts the accounts into bands of the trust bonus; flagged is a `sad` of at least `flagFrom`.
 * Rows with a missing score (`NA`) are left out and counted. Throws `sybil/duplicate-row`, `sybil/bad-setting` for a score in none of
 * the bands or when no row is left, and what `readTable` throws.
 */
export async function trustBands(
  file: string,
  edges: readonly number[] = PUBLISHED_EDGES,
  flagFrom = 0.5,
): Promise<TrustBands> {
  const name = path.basename(file);
  const columns = ["donor", "trust_bonus", "sad"] as const;
  const lines = new Map<string, number>();
  const accounts: Observation[] = [];
  for await (const { line, cells } of readTable(file, columns)) {
    const [donor, trust, sad] = cells as [string, string, string];
    const before = lines.get(donor);
    if (before !== undefined) {
      throw new SybilError("sybil/duplicate-row", `${name}, line ${line}: donor ${donor} stands in line ${before} too`);
    }
    lines.set(donor, line);
    const score = numberOf(trust, { file, line, column: "trust_bonus" }, "NA");
    const probability = numberOf(sad, { file, line, column: "sad" }, "NA");
    if (score === undefined || probability === undefined) continue;
    accounts.push({ score, flagged: probability >= flagFrom });
  }
  if (accounts.length === 0) throw new SybilError("sybil/bad-setting", `${name} has no row with both scores`);
  return { accounts: accounts.length, incomplete: lines.size - accounts.length, ...calibrate(accounts, edges) };
}

/** Rows `b,n,sybil,share` as the published table has them: open on the left, the first band begun a little lower. */
export function publishedRows({ bands }: Calibration): (string | number)[][] {
  return bands.map(({ from, to, count, flagged, share }, at) => {
    const open = at === 0 ? Number((from - 0.001).toFixed(6)) : from;
    return [`(${open}, ${to}]`, count, flagged, Number.isNaN(share) ? "NA" : Number(share.toFixed(6))];
  });
}
