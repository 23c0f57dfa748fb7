import type { Entity } from "../../certificates/entity.js";
import type { SigningKey } from "../../stm/keys.js";
import type { SignatureMessage } from "../protocol/signature-message.js";

/** Keys by the epoch in which they are registered, encrypted where they lie. */
export interface KeyStore {
  /** The key for registrations of an epoch, made and stored the first time: a key is on disk before anybody hears of it. */
  keyFor(registration: bigint): Promise<SigningKey>;
  /** Undefined when there is none: it was never made, or is deleted. */
  existing(registration: bigint): Promise<SigningKey | undefined>;
  /** Deletes the keys that `spent` names, for good. */
  deleteWhere(spent: (registration: bigint) => boolean): Promise<void>;
}

/** What a signer keeps of its signatures: a restart sends the same again, and signs no second message about an entity. */
export interface SignedStore {
  /** Whether an entity is signed, or skipped. */
  isSettled(entity: string): Promise<boolean>;
  /** What was signed about an entity; undefined where nothing was. */
  signed(entity: string): Promise<SignatureMessage | undefined>;
  /** Notes that no lottery was won for an entity: there is nothing to send, and nothing to draw again. */
  passOver(entity: Entity): Promise<void>;
  /** Keeps a signature before it is sent; false when the entity has another one, which then counts. */
  save(signature: SignatureMessage): Promise<boolean>;
  /** Signatures of an epoch that not every publisher has taken yet. */
  unpublished(
    epoch: bigint,
  ): Promise<{ readonly signature: SignatureMessage; readonly publishers: readonly string[] }[]>;
  /** A publisher took it, or nobody needs it there any more. */
  published(entity: string, publisher: string): Promise<void>;
  /** Forgets what was signed before an epoch. */
  prune(before: bigint): Promise<void>;
  /** The block of the newest snapshot signed or skipped in an epoch; -1 where there is none. */
  lastSnapshotBlock(epoch: bigint): Promise<bigint>;
}

/** Hears what a signer does, for its metrics. */
export interface SignerObserver {
  /** What became of registering in an epoch; `registered` also when it was registered before. */
  registration(epoch: bigint, outcome: "registered" | "other-key" | "refused"): void;
  signed(entity: Entity): void;
  /** No lottery was won. */
  skipped(): void;
  published(publisher: string, outcome: "taken" | "late" | "failed"): void;
}
