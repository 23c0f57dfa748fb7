import { DomainError } from "../shared/errors.js";
import { c120 } from "../stm/parameters.js";

/** `certificate/unknown-phi`: no short decimal stands for the registry's constant. */
export type PhiErrorCode = "certificate/unknown-phi";

const SCALE = 2 ** 24;
/** 2^-25, the most that rounding takes away, is less than half a unit of the seventh digit. */
const MOST_DIGITS = 7;

/** phi_f as the registry takes it: unsigned 8.24 fixed point, rounded to the nearest, ties to even. */
export function toFixedPhi(phiF: number): number {
  const scaled = phiF * SCALE; // exact: a power of two
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/**
 * The phi_f behind the registry's two numbers. Fixed point keeps 24 bits of it, but the lottery is drawn with the logarithm:
 * so it is the shortest decimal that has both.
 */
export function fromFixedPhi(fixed: number, logarithm: bigint): number {
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const phiF = Number((fixed / SCALE).toFixed(digits));
    if (phiF > 0 && phiF < 1 && toFixedPhi(phiF) === fixed && c120(phiF) === logarithm) return phiF;
  }
  const message = `No decimal of up to ${MOST_DIGITS} digits has the registry's phi_f ${fixed} / 2^24 and its logarithm.`;
  throw new DomainError<PhiErrorCode>("certificate/unknown-phi", message, { fixed, logarithm: logarithm.toString() });
}
