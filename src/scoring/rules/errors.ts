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
  | "scoring/not-your-link"
  /** A score, an expiry or an account that no leaf of a score tree can hold. */
  | "scoring/bad-leaf"
  /** An account stands twice among the scores of a tree. */
  | "scoring/duplicate-account"
  /** A score tree of nobody. */
  | "scoring/empty-tree";
