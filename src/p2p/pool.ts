// The verified signatures of an epoch that a node keeps for those who come later.
import { createHash } from "node:crypto";

import type { SignatureMessage } from "../nodes/protocol/signature-message.js";
import { encodeSignature } from "./wire.js";

export interface PoolLimits {
  /** Messages of one epoch that are kept of one steward; an honest one signs one for each snapshot. */
  readonly messages: number;
  /**
   * What a message is about is not signed, so that anybody may send a valid signature under another name. So many names are kept of
   * one, lest the first name that arrives shut out the true one.
   */
  readonly names: number;
}

export interface PoolEntry {
  readonly key: string;
  readonly signature: SignatureMessage;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hex: how peers tell each other what they have. */
  readonly digest: string;
}

/** One epoch's worth of stewards is a few; a registry's most, times their messages, is this bound. */
const STANDARD_LIMITS: PoolLimits = { messages: 256, names: 4 };

export class SignaturePool {
  readonly #limits: PoolLimits;
  readonly #entries = new Map<string, PoolEntry>();
  /** By steward and message: under how many names it is kept. */
  readonly #names = new Map<string, Map<string, number>>();

  constructor(limits: PoolLimits = STANDARD_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  entries(): PoolEntry[] {
    return [...this.#entries.values()];
  }

  /** Whether a signature says nothing new: the same σ and no index that is not here. Needs no curve. */
  has(signature: SignatureMessage): boolean {
    const held = this.#entries.get(keyOf(signature))?.signature.signature;
    if (held === undefined || !Buffer.from(held.sigma).equals(signature.signature.sigma)) return false;
    const indexes = new Set(held.indexes);
    return (
      held.signerIndex === signature.signature.signerIndex && signature.signature.indexes.every((i) => indexes.has(i))
    );
  }

  /**
   * Keeps a verified signature. One that is here already with other indices is united with it: σ is unique for key and message.
   * False when its steward has as many messages here as are kept, or the message as many names.
   */
  add(signature: SignatureMessage): boolean {
    const key = keyOf(signature);
    const held = this.#entries.get(key)?.signature;
    if (held === undefined && !this.#reserve(signature)) return false;
    const united = held === undefined ? signature : unite(held, signature);
    const bytes = encodeSignature(united);
    this.#entries.set(key, { key, signature: united, bytes, digest: digestOf(bytes) });
    return true;
  }

  /** Forgets all other epochs. */
  keepOnly(epoch: bigint): void {
    for (const [key, { signature }] of this.#entries) {
      if (signature.epoch === epoch) continue;
      this.#entries.delete(key);
      this.#names.delete(`${signature.epoch} ${signature.steward}`);
    }
  }

  #reserve({ epoch, steward, message }: SignatureMessage): boolean {
    const of = `${epoch} ${steward}`;
    const messages = this.#names.get(of) ?? new Map<string, number>();
    const names = messages.get(message) ?? 0;
    if (names >= this.#limits.names || (names === 0 && messages.size >= this.#limits.messages)) return false;
    this.#names.set(of, messages.set(message, names + 1));
    return true;
  }
}

const keyOf = ({ epoch, entity, message, steward }: SignatureMessage) => `${epoch} ${entity} ${message} ${steward}`;

export const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function unite(held: SignatureMessage, more: SignatureMessage): SignatureMessage {
  const indexes = [...new Set([...held.signature.indexes, ...more.signature.indexes])].sort((a, b) => a - b);
  return { ...held, signature: { ...held.signature, indexes } };
}
