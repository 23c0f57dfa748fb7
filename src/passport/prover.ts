import { recoverSigner } from "./signature.js";

/** A signature and who must have made it. Plain data: it may cross to another thread. */
export interface SignatureClaim {
  /** 0x and 64 lower-case digits. */
  readonly digest: string;
  /** 0x and 130 lower-case digits: r, s, v. */
  readonly signature: string;
  /** Lower-case address. */
  readonly signer: string;
}

/** Says of each claim whether it holds, in their order; here or in other threads. */
export type Prover = (claims: readonly SignatureClaim[]) => Promise<readonly boolean[]>;

export const holds = ({ digest, signature, signer }: SignatureClaim): boolean =>
  recoverSigner(Buffer.from(digest.slice(2), "hex"), signature) === signer;

/** Checks signatures in the caller's thread. */
export const proveHere: Prover = (claims) => Promise.resolve(claims.map(holds));
