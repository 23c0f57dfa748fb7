import type { StmParameters } from "../stm/parameters.js";
import { breakEvenShare, failureExponent, securityLevel } from "../stm/security.js";

/** What parameters are worth. Exponents are −log2 of a chance, per message. */
export interface SecurityReport {
  readonly parameters: StmParameters;
  /** How hard it is to forge with this share of the registered stake, in bits. */
  readonly forging: readonly { readonly share: number; readonly bits: number }[];
  /** How unlikely it is that so large a share of honest signers misses the quorum. */
  readonly failing: readonly { readonly share: number; readonly bits: number }[];
  /** The share that reaches the quorum on average. */
  readonly breakEven: number;
  /** Fewer bits than `SAFE_BITS` against a third of the stake. */
  readonly unsafe: boolean;
}

const ADVERSARIES = [0.2, 0.25, 0.3, 1 / 3, 0.4, 0.45, 0.5];
const SIGNERS = [0.6, 0.67, 0.7, 0.75, 0.8, 0.9, 1];
/** The native scheme's target against a third. */
export const SAFE_BITS = 100;

/** Throws `stm/bad-parameters`. */
export function securityReport(parameters: StmParameters): SecurityReport {
  return {
    parameters,
    forging: ADVERSARIES.map((share) => ({ share, bits: securityLevel(parameters, share) })),
    failing: SIGNERS.map((share) => ({ share, bits: failureExponent(parameters, share) })),
    breakEven: breakEvenShare(parameters),
    unsafe: securityLevel(parameters, 1 / 3) < SAFE_BITS,
  };
}
