import { DomainError } from "../../shared/errors.js";

/** Why somebody who reads certificates does not get what he asked for. docs/errors.md says what to do about each. */
export type ClientErrorCode =
  /** A source does not answer. */
  | "client/unavailable"
  /** A source answers, and not with what was asked for: it is wrong or it lies. */
  | "client/malformed-answer"
  /** No source gives the certificate with a way back to the registry's anchors. */
  | "client/no-certificate"
  /** The certificate is about a stake distribution, and a snapshot was asked for. */
  | "client/without-scores"
  /** The snapshot at hand does not give the certified scores. */
  | "client/scores-differ"
  /** The certificate says nothing about a scorer, or the scorer nothing about an account. */
  | "client/no-score";

export class ClientError extends DomainError<ClientErrorCode> {}
