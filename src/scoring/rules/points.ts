// Points are integers of 1e-4 point: the grid of weights, thresholds, scores and the chain. On floats, four stamps that add up
// to exactly 20.000 give 19.99999999999999969 and their holder fails.
import { DomainError } from "../../shared/errors.js";

/** An integer number of 1e-4 points. */
export type Points = number;

export const POINT = 10_000;
/** The largest score that the chain holds: uint32 in 1e-4 points. */
export const MAX_SCORE: Points = 0xffff_ffff;

const DECIMAL = /^(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,40}))?(?:e-([0-9]{1,2}))?$/;

/** A decimal as whole 1e-4 points and what is left of it, in units of 10^-`digits` point. */
export interface ExactDecimal {
  readonly whole: Points;
  readonly rest: bigint;
  readonly digits: number;
}

/** Splits a decimal (also `1e-7`, as JSON numbers print) without ever making a float of it. */
export function exactDecimal(text: string): ExactDecimal {
  const match = DECIMAL.exec(text);
  if (match === null) throw new DomainError("scoring/points", `"${text}" is not a number of points`, { text });
  const fraction = match[2] ?? "";
  const digits = Math.max(4, fraction.length + Number(match[3] ?? 0));
  const value = BigInt((match[1] ?? "") + fraction) * 10n ** BigInt(digits - fraction.length - Number(match[3] ?? 0));
  const grid = 10n ** BigInt(digits - 4);
  return { whole: Number(value / grid), rest: value % grid, digits };
}

/** Reads points; a fifth decimal throws `scoring/off-grid`. */
export function parsePoints(text: string): Points {
  const { whole, rest } = exactDecimal(text);
  if (rest !== 0n) throw new DomainError("scoring/off-grid", `${text} has more than four decimals`, { text });
  return whole;
}

/** Reads points and rounds up to the grid, so that an imported threshold never becomes easier to reach. */
export function roundUpPoints(text: string): { readonly points: Points; readonly rounded: boolean } {
  const { whole, rest } = exactDecimal(text);
  return { points: rest === 0n ? whole : whole + 1, rounded: rest !== 0n };
}

const decimals = (points: Points) => (points % POINT).toString().padStart(4, "0");

/** Four decimals, the spelling in hashed documents: `20.0000`. */
export const canonicalPoints = (points: Points): string => `${Math.floor(points / POINT)}.${decimals(points)}`;

/** Five decimals, the spelling that integrators expect: `20.00000`. */
export const formatPoints = (points: Points): string => `${canonicalPoints(points)}0`;
