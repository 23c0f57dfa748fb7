// An issuer's revocations: a signed, numbered list of credential digests and nullifiers. A credential carries no status of
// its own, so this list is the only way to take one back before it expires. A list speaks for its issuer's stamps alone, and a
// higher number replaces a lower one, never the reverse.
import { TypedDataEncoder } from "ethers";

import { DocumentReader } from "../shared/document.js";
import { DomainError } from "../shared/errors.js";
import { NULLIFIER } from "./credential/parse.js";
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
export function revocationDigest({ issuer, sequence, issuedAt, entries }: RevocationList): Uint8Array {
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

/** Reads a signed list and checks that one of these addresses (lower-case: the issuer's keys in force) signed it. */
export function parseRevocations(value: unknown, signers: readonly string[]): SignedRevocationList {
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
  if (signer === undefined || !signers.includes(signer)) {
    throw new DomainError("passport/revocations-unsigned", `the list is not signed by a key of ${parsed.issuer}`);
  }
  return parsed;
}

/** The lists in use, one per issuer. Immutable: `with` gives a new index. */
export class RevocationIndex {
  static readonly EMPTY = new RevocationIndex(new Map());
  readonly #lists: ReadonlyMap<string, SignedRevocationList>;
  readonly #found: ReadonlyMap<string, Revocation>;

  private constructor(lists: ReadonlyMap<string, SignedRevocationList>) {
    this.#lists = lists;
    this.#found = new Map(
      [...lists.values()].flatMap((list) =>
        list.entries.map((entry) => [`${list.issuer}|${entry.kind}|${entry.value}`, entry] as const),
      ),
    );
  }

  /** Takes a newer list of an issuer; the same or an older number throws `passport/revocations-stale`. */
  with(list: SignedRevocationList): RevocationIndex {
    const held = this.#lists.get(list.issuer)?.sequence ?? 0;
    if (list.sequence <= held) {
      throw new DomainError("passport/revocations-stale", `list ${list.sequence} is not newer than list ${held}`);
    }
    return new RevocationIndex(new Map(this.#lists).set(list.issuer, list));
  }

  findCredential(issuer: string, digest: string): Revocation | undefined {
    return this.#found.size === 0 ? undefined : this.#found.get(`${issuer}|credential|${digest}`);
  }

  findNullifier(issuer: string, nullifiers: readonly string[]): Revocation | undefined {
    if (this.#found.size === 0) return undefined;
    return nullifiers
      .map((text) => this.#found.get(`${issuer}|nullifier|${text}`))
      .find((entry) => entry !== undefined);
  }
}
