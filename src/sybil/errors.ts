import { DomainError } from "../shared/errors.js";

/** Why a table or a setting of the analysis cannot be used. docs/errors.md says what to do about each. */
export type SybilErrorCode =
  | "sybil/bad-round"
  | "sybil/unreadable"
  | "sybil/empty-table"
  | "sybil/bad-table"
  | "sybil/missing-column"
  | "sybil/unknown-column"
  | "sybil/bad-cell"
  | "sybil/duplicate-row"
  | "sybil/bad-setting"
  | "sybil/bad-heuristics"
  | "sybil/bad-summary"
  | "sybil/unwritable"
  | "sybil/output-exists"
  | "sybil/goal-out-of-reach"
  | "sybil/database-unavailable"
  | "sybil/damaged-search"
  | "sybil/other-input";

export class SybilError extends DomainError<SybilErrorCode> {}
