import { createHash } from "node:crypto";

import type { Clock } from "../../shared/clock.js";
import { unixSeconds } from "../../shared/clock.js";

/** What a key may do. `scores` says nothing about stamps: a set of stamps is a fingerprint. */
export const SCOPES = ["scores", "stamps", "submit", "scorers", "bans", "operator"] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Null is without limit. */
  readonly requestsPerWindow: number | null;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

export interface ApiKeyStore {
  /** `hash` is the SHA-256 of the whole key, hex. */
  addKey(key: ApiKey, hash: string): Promise<void>;
  findKey(hash: string): Promise<ApiKey | undefined>;
  revokeKey(id: string, now: number): Promise<boolean>;
  /** A holder's consent that a key reads the stamps of an account. */
  giveConsent(account: string, keyId: string, now: number): Promise<boolean>;
  withdrawConsent(account: string, keyId: string): Promise<void>;
  hasConsent(account: string, keyId: string): Promise<boolean>;
}

const KEY = /^[0-9a-f]{12}\.[0-9A-Za-z_-]{43}$/;
/** How long a key is remembered without asking the database: so long a revoked one may still work elsewhere. */
const CACHE_MILLISECONDS = 10_000;
const CACHE_SIZE = 10_000;

/** Makes, finds and revokes keys of the form `<id>.<secret>`, 256 bits of randomness in the secret. */
export class ApiKeys {
  readonly #store: ApiKeyStore;
  readonly #clock: Clock;
  readonly #randomBytes: (size: number) => Uint8Array;
  readonly #cache = new Map<string, { readonly key: ApiKey; readonly until: number }>();

  constructor(ports: { store: ApiKeyStore; clock: Clock; randomBytes: (size: number) => Uint8Array }) {
    this.#store = ports.store;
    this.#clock = ports.clock;
    this.#randomBytes = ports.randomBytes;
  }

  /** The key's text is in the answer and nowhere else. */
  async create(
    name: string,
    scopes: readonly Scope[],
    requestsPerWindow: number | null,
  ): Promise<ApiKey & { text: string }> {
    const id = Buffer.from(this.#randomBytes(6)).toString("hex");
    const text = `${id}.${Buffer.from(this.#randomBytes(32)).toString("base64url")}`;
    const createdAt = unixSeconds(this.#clock);
    const key = { id, name, scopes, requestsPerWindow, createdAt, revokedAt: null };
    await this.#store.addKey(key, hashOf(text));
    return { ...key, text };
  }

  /** The key that a caller has shown; undefined for none that is in force. */
  async find(text: string): Promise<ApiKey | undefined> {
    if (!KEY.test(text)) return undefined;
    const hash = hashOf(text);
    const now = this.#clock.now();
    const cached = this.#cache.get(hash);
    if (cached !== undefined && now < cached.until) return cached.key;
    this.#cache.delete(hash);
    const key = await this.#store.findKey(hash);
    if (key === undefined || key.revokedAt !== null) return undefined;
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    this.#cache.set(hash, { key, until: now + CACHE_MILLISECONDS });
    return key;
  }

  async revoke(id: string): Promise<boolean> {
    for (const [hash, { key }] of this.#cache) if (key.id === id) this.#cache.delete(hash);
    return this.#store.revokeKey(id, unixSeconds(this.#clock));
  }
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
