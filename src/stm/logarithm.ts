import { exactDouble } from "./double.js";

/** Bits after the point while the series is summed. */
const PRECISION = 240n;

/**
 * ⌊−ln(1 − φ) · 2^120⌋ for 0 < φ < 1, where 1 − φ and the logarithm are rounded to doubles first, as the native scheme does.
 * The rounding is done here to the nearest double: `Math.log` may be off by one unit, differently in each engine. Since a
 * double 1 − φ below 1 is at most 1 − 2^−53, the rounded logarithm is a multiple of 2^−120 and nothing is lost.
 */
export function scaledLogarithm(phi: number): bigint {
  const rest = 1 - phi;
  if (!(rest > 0)) throw new RangeError("the logarithm needs 1 - phi above zero");
  if (rest === 1) return 0n;
  // −ln(y) = 2·artanh((1 − y) / (1 + y)), here with y = numerator / one.
  const { numerator, denominator: one } = exactDouble(rest);
  const z = ((one - numerator) << PRECISION) / (one + numerator);
  const square = (z * z) >> PRECISION;
  let sum = 0n;
  for (let power = z, i = 1n; power > 0n; power = (power * square) >> PRECISION, i += 2n) sum += power / i;
  return roundToDouble(2n * sum) >> (PRECISION - 120n);
}

/** The nearest number of 53 significant bits. */
function roundToDouble(value: bigint): bigint {
  const excess = BigInt(value.toString(2).length - 53);
  if (excess <= 0n) return value;
  return ((value + (1n << (excess - 1n))) >> excess) << excess;
}
