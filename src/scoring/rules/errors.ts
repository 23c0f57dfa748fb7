/** Codes of the `DomainError`s that scorer rules give rise to. */
export type ScoringErrorCode =
  /** A number of points is not a plain decimal. */
  | "scoring/points"
  /** A number of points has a fifth decimal that is not zero, and nobody allowed rounding. */
  | "scoring/off-grid"
  /** A scorer's rules do not parse. */
  | "scoring/rules-malformed"
  /** A gate expression does not parse. */
  | "scoring/gate-syntax"
  /** A table of weights does not parse. */
  | "scoring/weights-malformed"
  /** A link cannot be released: it is not there, or not the caller's. */
  | "scoring/not-your-link";
