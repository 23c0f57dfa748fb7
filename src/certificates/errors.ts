/** Codes of the `DomainError`s about our own certificates. Verdicts are results, not errors. */
export type CertificateErrorCode =
  /** A certificate's document does not hold what it should; the message names the field. */
  | "certificates/malformed"
  /** A value that no message part, entry or certificate can hold. */
  | "certificates/bad-value"
  /** A scorer stands twice among the entries of a scores root. */
  | "certificates/duplicate-scorer"
  /** A scores root of no scorer. */
  | "certificates/no-scorers";
