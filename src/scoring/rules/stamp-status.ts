/** Every answer that a submitted stamp can get; nothing is dropped in silence. */
export type StampStatus =
  /** It counts, with whatever weight the scorer gives it. */
  | "counted"
  /** Another account holds the same evidence, or another stamp of the provider is valid for longer. */
  | "duplicate"
  | "expired"
  /** Issued to another account. */
  | "wrong_subject"
  | "untrusted_issuer"
  | "bad_proof"
  | "malformed"
  /** Banned or revoked. */
  | "banned"
  /** The scorer does not count this provider, or the holder has released the stamp for it. */
  | "gated"
  /** A limit of the scorer's leaves it less than its weight. */
  | "capped";
