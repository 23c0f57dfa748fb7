import { DomainError } from "../../shared/errors.js";

/**
 * What makes a holder unique to a provider: an account number, a token id. It lives in memory from the check to the
 * nullifier and nowhere else.
 */
export type Evidence = Readonly<Record<string, string>>;

const RESERVED = ["type", "version", "provider", "scheme"];

/** Evidence as sorted pairs; a provider that sets one of our members throws `passport/reserved-evidence`. */
export function evidencePairs(evidence: Evidence): readonly (readonly [string, string])[] {
  const taken = Object.keys(evidence).find((key) => RESERVED.includes(key));
  if (taken !== undefined) throw new DomainError("passport/reserved-evidence", `evidence may not set "${taken}"`);
  return Object.entries(evidence).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
