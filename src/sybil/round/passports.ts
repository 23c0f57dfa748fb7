// A round's passports out of the database of a passport service, instead of tables.
import { RELEASED_DETAIL } from "../../scoring/assemble.js";
import type { StampScore } from "../../scoring/rules/score.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { SybilError } from "../errors.js";

/** A scorer in a database: a folder (PGlite), or the server that the environment names, because a URL is a secret. */
export type PassportPlace = { readonly scorer: number } & ({ readonly folder: string } | { readonly server: true });

/** What a database knew of a scorer at a time. */
export interface PassportsAt {
  /** Of the version in force. */
  readonly rules: ScorerRules;
  /** By account: what became of each of its stamps in its last score until then. Accounts without a score are left out. */
  readonly stamps: ReadonlyMap<string, readonly StampScore[]>;
}

/**
 * Reads a scorer's passports as they were at `time` (seconds since 1970); `accounts` are lower-case addresses, each once. Undefined
 * where the scorer had no version yet. Throws `sybil/unreadable` and `sybil/database-unavailable`.
 */
export type ReadPassports = (
  place: PassportPlace,
  time: number,
  accounts: readonly string[],
) => Promise<PassportsAt | undefined>;

const ADDRESS = /^0x[0-9a-f]{40}$/i;

/**
 * The rules in force when the round closed, and the providers of the stamps that each donor held then; donors that are no addresses
 * hold none. Throws `sybil/bad-round` where that is all of them, or where the scorer had no version.
 */
export async function passportsOf(
  place: PassportPlace,
  donors: readonly string[],
  closedAt: number,
  read: ReadPassports,
): Promise<{ rules: ScorerRules; stamps: Set<string>[]; notices: string[] }> {
  const addresses = donors.filter((donor) => ADDRESS.test(donor));
  if (addresses.length === 0) {
    throw new SybilError("sybil/bad-round", "no donor of the round is an address: none can have a passport");
  }
  const accounts = [...new Set(addresses.map((donor) => donor.toLowerCase()))];
  const found = await read(place, closedAt, accounts);
  if (found === undefined) {
    const { scorer } = place;
    throw new SybilError("sybil/bad-round", `scorer ${scorer} had no rules when the round closed`, { scorer });
  }
  const others = donors.length - addresses.length;
  return {
    rules: found.rules,
    stamps: donors.map((donor) => heldAt(found.stamps.get(donor.toLowerCase()) ?? [], closedAt)),
    notices:
      others === 0
        ? []
        : [
            `Of ${donors.length} donors ${others} are no addresses: they count as having no stamps, as nobody can know.`,
          ],
  };
}

/**
 * Providers of the stamps that were an account's own and valid at a time after its score. Points do not matter: what a scorer gave no
 * weight tells the analysis something all the same.
 */
const heldAt = (stamps: readonly StampScore[], time: number): Set<string> =>
  new Set(stamps.filter((stamp) => time < stamp.expiresAt && isOwn(stamp)).map(({ provider }) => provider));

function isOwn({ status, detail }: StampScore): boolean {
  switch (status) {
    case "counted":
    case "capped":
      return true;
    case "gated":
      return detail !== RELEASED_DETAIL;
    case "duplicate": // another account's evidence, or the shorter-lived of two stamps of a provider
    case "expired":
    case "wrong_subject":
    case "untrusted_issuer":
    case "bad_proof":
    case "malformed":
    case "banned":
      return false;
  }
}
