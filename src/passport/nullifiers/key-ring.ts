// Nullifier keys. They sign nothing, and change on their own timetable.
//
// Rotation: the newest two started keys are active and every stamp carries a nullifier of each. Two stamps alive at the same
// time then share at least one key, provided that a key starts no sooner than a stamp's lifetime after the one before: the
// ring refuses a faster timetable, because it would let one person collect the same stamp twice. Under different keys the
// nullifiers of one person have nothing in common, and only a stamp that its holder shows puts two of them side by side.
import { computeHmac, encodeBase64, toUtf8Bytes } from "ethers";

import { canonicalJson } from "../../shared/canonical-json.js";
import { DomainError } from "../../shared/errors.js";
import { STAMP_LIFETIME } from "../credential/dates.js";
import { evidencePairs, type Evidence } from "./evidence.js";

export interface NullifierKey {
  /** Counts up from 1; named in every nullifier. */
  readonly version: number;
  /** At least 32 bytes, random, not a signing key. */
  readonly secret: Uint8Array;
  /** Seconds since the epoch. */
  readonly from: number;
}

const ACTIVE = 2;
const SCHEME = "touchstone-nullifier-v1";
const refuse = (problem: string): never => {
  throw new DomainError("passport/nullifier-keys", problem);
};

export class NullifierKeyRing {
  readonly #keys: readonly NullifierKey[];
  /** The longest life of a stamp issued under these keys, in seconds. */
  readonly lifetime: number;

  constructor(keys: readonly NullifierKey[], lifetime = STAMP_LIFETIME) {
    this.lifetime = lifetime;
    if (keys.length === 0) refuse("there is no key");
    keys.forEach((key, index) => {
      if (!Number.isSafeInteger(key.version) || key.version < 1) refuse("a version is an integer from 1");
      if (key.secret.length < 32) refuse(`key ${key.version} is shorter than 32 bytes`);
      const previous = keys[index - 1];
      if (previous === undefined) return;
      if (key.version <= previous.version) refuse(`key ${key.version} follows key ${previous.version}`);
      if (Buffer.from(key.secret).equals(previous.secret))
        refuse(`keys ${previous.version} and ${key.version} are the same`);
      if (key.from < previous.from + lifetime) {
        refuse(`key ${key.version} starts within a stamp's lifetime of key ${previous.version}`);
      }
    });
    this.#keys = [...keys];
  }

  /** The keys that every stamp issued at `now` must carry a nullifier of, older first. */
  active(now: number): readonly NullifierKey[] {
    const started = this.#keys.filter(({ from }) => from <= now);
    if (started.length === 0) throw new DomainError("passport/no-nullifier-key", "no nullifier key has started yet");
    return started.slice(-ACTIVE);
  }

  /**
   * The nullifiers of a piece of evidence at a time: all of them or an error, never a smaller set.
   * HMAC-SHA-256(key, canonical JSON of [scheme, provider, [[name, value], ...]]).
   */
  nullifiers(provider: string, evidence: Evidence, now: number): readonly string[] {
    const value = canonicalJson([SCHEME, provider, evidencePairs(evidence)]);
    const message = toUtf8Bytes(value);
    return this.active(now).map(
      ({ version, secret }) => `v${version}:${encodeBase64(computeHmac("sha256", secret, message))}`,
    );
  }
}
