import { StmError } from "./errors.js";
import { scaledLogarithm } from "./logarithm.js";

/** Quorum k, number of lotteries m, and phi_f, the chance to win one lottery with all of the stake. */
export interface StmParameters {
  readonly k: bigint;
  readonly m: bigint;
  readonly phiF: number;
}

/** ⌊−ln(1 − phi_f) · 2^120⌋ for the values in use: the same constants as the contract's. */
const PINNED: ReadonlyMap<number, bigint> = new Map([
  [0.2, 0x391fef8f3534400000000000000000n],
  [0.5, 0xb17217f7d1cf780000000000000000n],
  [0.65, 0x10cc1248b56ccc00000000000000000n],
  [0.8, 0x19c041f7ed8d3400000000000000000n],
  [0.95, 0x2fee84f6e7c71e00000000000000000n],
]);

const computed = new Map<number, bigint>();

/** c120 = ⌊−ln(1 − phi_f) · 2^120⌋, for phi_f below 1. */
export function c120(phiF: number): bigint {
  const known = PINNED.get(phiF) ?? computed.get(phiF);
  if (known !== undefined) return known;
  const value = scaledLogarithm(phiF);
  computed.set(phiF, value);
  return value;
}

/** Whether phi_f is so close to 1 that every index wins: the native rule |phi_f − 1| < 2^−52. */
export const winsAlways = (phiF: number): boolean => Math.abs(phiF - 1) < Number.EPSILON;

/**
 * Refuses parameters outside 0 < k ≤ m < 2^53 and 0 < phi_f ≤ 1 (`stm/bad-parameters`). A registry is stricter: it wants
 * phi_f ≤ 0.95 and m below 2^16.
 */
export function checkParameters({ k, m, phiF }: StmParameters): void {
  const refuse = (problem: string): never => {
    throw new StmError("stm/bad-parameters", `the parameters k ${k}, m ${m}, phi_f ${phiF} ${problem}`);
  };
  if (k < 1n) refuse("need a quorum k of at least one");
  if (k > m) refuse("ask for more wins than there are lotteries");
  if (m > BigInt(Number.MAX_SAFE_INTEGER)) refuse("have more lotteries than can be numbered");
  if (!(phiF > 0 && phiF <= 1)) refuse("need phi_f above 0 and at most 1");
}
