import { createHmac, randomBytes } from "node:crypto";

import { SybilError } from "../errors.js";

/** How a report calls accounts: by their own names, or by pseudonyms whose salt was given or made for it. */
export type Naming =
  | { readonly kind: "names" }
  | { readonly kind: "pseudonyms"; readonly salt: Uint8Array; readonly salted: "given" | "random" };

const LEAST_SALT = 16;
const DIGITS = 12;

/**
 * Pseudonyms from a salt of the caller's (the same accounts get the same pseudonyms in the next report), or from a random one that
 * is forgotten. Throws `sybil/bad-setting` for a salt below 16 bytes: ids of donors are public, and a short salt can be tried out.
 */
export function pseudonymous(salt?: Uint8Array, random: (bytes: number) => Uint8Array = randomBytes): Naming {
  if (salt === undefined) return { kind: "pseudonyms", salt: random(32), salted: "random" };
  if (salt.length < LEAST_SALT) {
    throw new SybilError("sybil/bad-setting", `the salt has ${salt.length} bytes: at least ${LEAST_SALT} are needed`);
  }
  return { kind: "pseudonyms", salt, salted: "given" };
}

/** What the report calls each donor: HMAC-SHA-256 of the id under the salt, its first 48 bits, and more where two are equal. */
export function namesOf(donors: readonly string[], naming: Naming): readonly string[] {
  if (naming.kind === "names") return donors;
  const digests = donors.map((donor) => createHmac("sha256", naming.salt).update(donor, "utf8").digest("hex"));
  const seen = new Map<string, number>();
  for (const digest of digests) seen.set(digest.slice(0, DIGITS), (seen.get(digest.slice(0, DIGITS)) ?? 0) + 1);
  return digests.map((digest) => {
    const short = digest.slice(0, DIGITS);
    return `acct-${seen.get(short) === 1 ? short : digest}`;
  });
}
