/** Codes of the `DomainError`s that Mithril's files and keys give rise to. Verdicts are results, not errors. */
export type MithrilErrorCode =
  /** A file does not hold what it should; the message names file, certificate and field. */
  | "mithril/malformed"
  /** A genesis verification key cannot be read. */
  | "mithril/genesis-key"
  /** Strict verification without a genesis key would end at a genesis that anyone could have made. */
  | "mithril/no-genesis-key"
  /** The certificate that a stake distribution names is not there. */
  | "mithril/no-certificate";
