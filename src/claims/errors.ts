import { DomainError } from "../shared/errors.js";

/** Why a claim is not given or not accepted. docs/errors.md says what to do about each. */
export type ClaimErrorCode =
  | "claims/invalid-request"
  | "claims/user-not-listed"
  | "claims/bound-to-another-account"
  | "claims/amount-mismatch"
  | "claims/account-signature-missing"
  | "claims/account-signature-invalid"
  | "claims/deadline-invalid"
  | "claims/already-claimed"
  | "claims/pending"
  | "claims/conflict"
  | "claims/rebinding-needs-approval"
  | "claims/not-found"
  | "claims/expired"
  | "claims/transaction-unrelated"
  | "claims/transaction-conflict"
  | "claims/window-not-open"
  | "claims/window-closed"
  | "claims/paused-on-chain"
  | "claims/below-gate"
  | "claims/gate-passed-before"
  | "claims/suspended"
  | "claims/signer-refused"
  | "claims/chain-unavailable"
  | "claims/database-unavailable"
  | "claims/invalid-file"
  | "claims/signature-mismatch"
  | "claims/domain-mismatch"
  | "claims/campaign-mismatch"
  | "claims/invalid-key";

export class ClaimError extends DomainError<ClaimErrorCode> {}
