import type { Party } from "./registration.js";
import type { BatchPath } from "./tree.js";

/** One party's signature of a message, with the lotteries it won. */
export interface SingleSignature {
  /** σ, 48 compressed bytes of G1. */
  readonly sigma: Uint8Array;
  /** Won indices, ascending. */
  readonly indexes: readonly number[];
  /** The party's position in the closed registration. */
  readonly signerIndex: number;
}

/** A quorum of single signatures of one message: the native scheme's concatenation proof. */
export interface ConcatenationProof {
  readonly signatures: readonly { readonly signature: SingleSignature; readonly party: Party }[];
  readonly path: BatchPath;
}
