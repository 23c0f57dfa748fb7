import { DomainError } from "../shared/errors.js";

/** What the multisignature refuses. Everything that another party can send ends in one of these, never in another error. */
export type StmErrorCode =
  /** k, m or phi_f outside their ranges. */
  | "stm/bad-parameters"
  /** Key material or a signing key of the wrong length or range. */
  | "stm/bad-signing-key"
  /** Bytes that are no canonical compressed point of the prime-order subgroup, or are its infinity. */
  | "stm/bad-point"
  | "stm/bad-proof-of-possession"
  /** The binding of a key to its steward does not verify. */
  | "stm/bad-binding"
  /** A stake that is zero, or no unsigned 64-bit integer. */
  | "stm/bad-stake"
  /** The sum of the stakes needs more than 64 bits. */
  | "stm/stake-overflow"
  | "stm/duplicate-key"
  | "stm/empty-registration"
  /** The key, or the signer's number, is not of this registration. */
  | "stm/unknown-signer"
  | "stm/bad-aggregate-key"
  /** An index that is no integer in [0, m). */
  | "stm/index-out-of-range"
  /** An index that the signature's lottery did not win. */
  | "stm/lottery-lost"
  /** An index that is used twice. */
  | "stm/duplicate-index"
  /** Fewer distinct indices than k. */
  | "stm/not-enough-signatures"
  /** The batch path does not lead to the root, or is not minimal. */
  | "stm/bad-path"
  /** A signature, or the sum of several, does not verify. */
  | "stm/bad-signature"
  /** JSON, CBOR or legacy bytes that cannot be decoded. */
  | "stm/malformed";

export class StmError extends DomainError<StmErrorCode> {}
