/** Codes of the `DomainError`s that the passport's documents and keys give rise to. */
export type PassportErrorCode =
  /** A registry of trusted issuers does not parse. */
  | "passport/issuers-malformed"
  /** A revocation list does not parse, is not signed by its issuer, or is signed by a stolen key. */
  | "passport/revocations-malformed"
  | "passport/revocations-unsigned"
  | "passport/revocations-compromised"
  /** An allow-list does not parse or is not signed by its owner. */
  | "passport/allow-list-malformed"
  | "passport/allow-list-unsigned"
  /** Nullifier keys that would break de-duplication: too short, out of order, or rotated faster than stamps expire. */
  | "passport/nullifier-keys"
  /** No nullifier key has started yet. */
  | "passport/no-nullifier-key"
  /** A provider tried to set a member of the evidence that is ours. */
  | "passport/reserved-evidence"
  /** The threads that check signatures failed; nothing was decided about the stamps. */
  | "passport/proofs-unavailable"
  /** A key that cannot sign. */
  | "passport/signing-key"
  /** Two providers of one name, or a name that no credential can carry. */
  | "passport/provider"
  /** GitHub is down or answers nonsense; or it refuses the token, the code or the app. */
  | "passport/github-unavailable"
  | "passport/issuer-key"
  | "passport/provider-unreachable"
  | "passport/github-refused";
