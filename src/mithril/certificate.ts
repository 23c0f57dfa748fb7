import type { LinkedCertificate } from "../certificates/link.js";
import type { StmParameters } from "../stm/parameters.js";
import type { SignedEntity } from "./entity.js";
import type { MithrilMessage } from "./message-parts.js";

/** The first generation says what a certificate is about in a beacon; the second has an epoch and an entity. */
export type MithrilSubject =
  | { readonly generation: "beacon"; readonly network: string; readonly epoch: bigint; readonly file: bigint }
  | { readonly generation: "epoch"; readonly network: string; readonly epoch: bigint; readonly entity: SignedEntity };

/** A party that contributed, by its own word: nothing of this is signed. */
export interface MithrilSigner {
  readonly partyId: string;
  readonly stake: bigint;
}

/** A certificate as its file has it. Strings that are hashed are kept as they were received. */
export interface MithrilCertificate extends LinkedCertificate {
  readonly subject: MithrilSubject;
  readonly version: string;
  readonly parameters: StmParameters;
  /** Nanoseconds since 1970. */
  readonly initiatedAt: bigint;
  readonly sealedAt: bigint;
  readonly signers: readonly MithrilSigner[];
  readonly message: MithrilMessage;
  readonly signedMessage: string;
  readonly encodedAggregateKey: string;
  readonly seal:
    | { readonly kind: "genesis"; readonly signature: string }
    | { readonly kind: "multisignature"; readonly encodedProof: string };
}

/** The first eight digits of a hash: what verdicts call a certificate. */
export const shortHash = (hash: string): string => hash.slice(0, 8);
