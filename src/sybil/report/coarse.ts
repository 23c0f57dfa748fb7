// How figures are made coarse in reports that do not name accounts: whoever has the public donations must not find an account by a sum.
import { AMOUNT_BANDS } from "../features/donation-dna.js";

/** Of fewer accounts than this no sum is given. */
export const LEAST_CROWD = 5;

/**
 * The lower edge of each total's band: powers of two as in the fingerprints of donations. Bands that fewer than {@link LEAST_CROWD} of
 * the totals are in are joined with the next lower ones, so that each band hides an account among as many. A total is above its edge.
 */
export function amountBands(totals: Float64Array): (total: number) => number {
  const kept: number[] = [];
  let above = Infinity;
  for (const edge of [...AMOUNT_BANDS].reverse()) {
    const inside = totals.reduce((count, total) => count + Number(total > edge && total <= above), 0);
    if (inside < LEAST_CROWD) continue;
    kept.push(edge);
    above = edge;
  }
  const lowest = totals.reduce((count, total) => count + Number(total <= above), 0);
  if (lowest > 0 && lowest < LEAST_CROWD) kept.pop();
  return (total) => kept.find((edge) => total > edge) ?? 0;
}

/** A sum as it is in a report that names accounts, else in three digits. */
export const sumFor = (named: boolean, value: number): number => (named ? value : Number(value.toPrecision(3)));

/** The same of so many accounts: null of too few, unless accounts are named. */
export const crowdSum = (named: boolean, accounts: number, value: number): number | null =>
  !named && accounts < LEAST_CROWD ? null : sumFor(named, value);
