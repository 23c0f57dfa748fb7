import { DomainError } from "../../shared/errors.js";

/** Why the passport service does not do what it was asked; docs/errors.md says what to do about each. */
export type PassportServiceErrorCode =
  | "scoring/invalid-request"
  | "scoring/unknown-scorer"
  | "scoring/not-scored"
  | "scoring/not-anchored"
  | "scoring/not-linked"
  | "scoring/already-linked"
  | "scoring/nothing-to-anchor"
  | "scoring/stale-scores"
  | "scoring/score-too-large"
  | "scoring/rescore-under-way"
  | "scoring/unknown-ban"
  | "scoring/rules-not-approved"
  | "scoring/database-unavailable";

export class PassportServiceError extends DomainError<PassportServiceErrorCode> {}
