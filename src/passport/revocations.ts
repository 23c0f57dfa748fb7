// An issuer's revocations: a signed, numbered list of credential digests and nullifiers. A credential carries no status of
// its own, so this list is the only way to take one back before it expires. A list speaks for its issuer's stamps alone.
//
// What was revoked once stays revoked: lists are united, in whatever order they arrive, and the number of a list only says where
// an entry came from. So nobody, not even whoever stole an issuer's key, brings a stamp back by a newer list or hides one by
// holding it back.
import { TypedDataEncoder } from "ethers";

import { DocumentReader } from "../shared/document.js";
import { DomainError } from "../shared/errors.js";
import { NULLIFIER } from "./credential/parse.js";
import type { PassportErrorCode } from "./errors.js";
import type { IssuerKey } from "./issuers.js";
import { recoverSigner, type DigestSigner } from "./signature.js";

export const REVOCATIONS_FORMAT = "touchstone-revocations-v1";

export interface Revocation {
  readonly kind: "credential" | "nullifier";
  /** A credential's EIP-712 digest (0x, 64 lower-case digits) or a nullifier's text. */
  readonly value: string;
  /** Seconds since the epoch. */
  readonly revokedAt: number;
  readonly reason: string;
}

export interface RevocationList {
  readonly format: typeof REVOCATIONS_FORMAT;
  /** DID. */
  readonly issuer: string;
  readonly sequence: number;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly entries: readonly Revocation[];
}

export interface SignedRevocationList extends RevocationList {
  readonly signature: string;
}

const DOMAIN = { name: "TouchstoneRevocations", version: "1" };
const TYPES = {
  RevocationList: [
    { name: "issuer", type: "string" },
    { name: "sequence", type: "uint64" },
    { name: "issuedAt", type: "uint64" },
    { name: "entries", type: "Revocation[]" },
  ],
  Revocation: [
    { name: "kind", type: "string" },
    { name: "value", type: "string" },
    { name: "revokedAt", type: "uint64" },
    { name: "reason", type: "string" },
  ],
};

/** The EIP-712 digest of a list, 32 bytes. */
function revocationDigest({ issuer, sequence, issuedAt, entries }: RevocationList): Uint8Array {
  const hash = TypedDataEncoder.hash(DOMAIN, TYPES, { issuer, sequence, issuedAt, entries });
  return Buffer.from(hash.slice(2), "hex");
}

export async function signRevocations(list: RevocationList, signer: DigestSigner): Promise<SignedRevocationList> {
  return { ...list, signature: await signer.sign(revocationDigest(list)) };
}

const reader = new DocumentReader("passport/revocations-malformed");

function readEntry(value: unknown, path: string): Revocation {
  const entry = reader.object(value, path, ["kind", "value", "revokedAt", "reason"]);
  const kind = reader.literal(entry.kind, `${path}.kind`, "credential", "nullifier");
  return {
    kind,
    value: reader.string(entry.value, `${path}.value`, kind === "credential" ? /^0x[0-9a-f]{64}$/ : NULLIFIER),
    revokedAt: reader.integer(entry.revokedAt, `${path}.revokedAt`),
    reason: reader.string(entry.reason, `${path}.reason`),
  };
}

/** A key as far as a list's signature goes. Lower-case address. */
export type RevocationKey = Pick<IssuerKey, "address" | "compromised" | "compromisedAt">;

/**
 * Reads a signed list and checks that a key of its issuer signed it. Retired keys may: a list only takes away. A compromised key
 * may for lists from before its compromise, and never where that time is not known. A thief can date a list back, and then
 * revokes honest stamps: that is an outage which its issuer mends by issuing them again, not somebody let in.
 */
export function parseRevocations(value: unknown, keys: readonly RevocationKey[]): SignedRevocationList {
  const list = reader.object(value, "list", ["format", "issuer", "sequence", "issuedAt", "entries", "signature"]);
  const parsed: SignedRevocationList = {
    format: reader.literal(list.format, "list.format", REVOCATIONS_FORMAT),
    issuer: reader.string(list.issuer, "list.issuer", /^did:ethr:0x[0-9a-f]{40}$/),
    sequence: reader.integer(list.sequence, "list.sequence", 1),
    issuedAt: reader.integer(list.issuedAt, "list.issuedAt"),
    entries: reader.array(list.entries, "list.entries").map((entry, index) => readEntry(entry, `entries[${index}]`)),
    signature: reader.string(list.signature, "list.signature", /^0x[0-9a-f]{130}$/),
  };
  const signer = recoverSigner(revocationDigest(parsed), parsed.signature);
  const key = keys.find(({ address }) => address === signer);
  const fail = (code: PassportErrorCode, problem: string) =>
    new DomainError<PassportErrorCode>(code, `list ${parsed.sequence} of ${parsed.issuer} ${problem}`);
  if (key === undefined) throw fail("passport/revocations-unsigned", "is not signed by a key of its issuer");
  if (key.compromised && (key.compromisedAt === null || parsed.issuedAt >= key.compromisedAt)) {
    throw fail("passport/revocations-compromised", "is signed by a compromised key and not older than the compromise");
  }
  return parsed;
}

/** An entry as it stands in the log. */
export interface IssuerRevocation {
  readonly sequence: number;
  /** When it was taken over, seconds since the epoch. */
  readonly at: number;
  /** DID. */
  readonly issuer: string;
  /** The number of the list that brought it. */
  readonly list: number;
  readonly entry: Revocation;
}

/**
 * Everything that issuers have revoked. Immutable: `with` gives a new index, and nothing is ever taken out of one. So an index
 * and those that grew from it share one table, of which each sees its first `size` entries: a replay adds them one by one.
 */
export class RevocationIndex {
  static readonly EMPTY = new RevocationIndex(new Map(), 0);
  readonly #table: Map<string, { readonly entry: Revocation; readonly place: number }>;
  readonly size: number;

  private constructor(table: Map<string, { readonly entry: Revocation; readonly place: number }>, size: number) {
    this.#table = table;
    this.size = size;
  }

  #find(key: string): Revocation | undefined {
    const found = this.#table.get(key);
    return found !== undefined && found.place < this.size ? found.entry : undefined;
  }

  /** Joined with more; of two entries about one thing the first stays. */
  with(more: readonly Pick<IssuerRevocation, "issuer" | "entry">[]): RevocationIndex {
    if (more.length === 0) return this;
    // Another index has grown from this one already, or all would grow from the empty one: then a table of its own.
    const own = this.size > 0 && this.#table.size === this.size;
    const table = own ? this.#table : new Map([...this.#table].filter(([, { place }]) => place < this.size));
    for (const { issuer, entry } of more) {
      const key = `${issuer}|${entry.kind}|${entry.value}`;
      if (!table.has(key)) table.set(key, { entry, place: table.size });
    }
    return new RevocationIndex(table, table.size);
  }

  /** The entries of a list that are not here yet, each once. */
  missing({ issuer, entries }: Pick<RevocationList, "issuer" | "entries">): Revocation[] {
    const found = new Map(entries.map((entry) => [`${issuer}|${entry.kind}|${entry.value}`, entry]));
    return [...found].flatMap(([key, entry]) => (this.#find(key) === undefined ? [entry] : []));
  }

  /** All of them, of whatever issuer. */
  entries(): Revocation[] {
    return [...this.#table.values()].flatMap(({ entry, place }) => (place < this.size ? [entry] : []));
  }

  findCredential(issuer: string, digest: string): Revocation | undefined {
    return this.size === 0 ? undefined : this.#find(`${issuer}|credential|${digest}`);
  }

  findNullifier(issuer: string, nullifiers: readonly string[]): Revocation | undefined {
    if (this.size === 0) return undefined;
    return nullifiers.map((text) => this.#find(`${issuer}|nullifier|${text}`)).find((entry) => entry !== undefined);
  }
}
