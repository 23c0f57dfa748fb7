import { randomInt } from "node:crypto";

import { invariant } from "../../shared/errors.js";

/** Names in one page of memory; pages are never moved. */
const PAGE = 1 << 14;
const EMPTY = -1;

/**
 * Byte strings of one width, numbered in the order in which they came, each kept once: `width` + 6 to 12 bytes a name, where a map
 * of texts takes some two hundred. An open hash table with linear probing; its hash has a random seed, because accounts choose
 * their own addresses.
 */
export class ByteNames {
  readonly width: number;
  readonly #seed = randomInt(2 ** 32);
  readonly #pages: Buffer[] = [];
  #slots = new Int32Array(1 << 10).fill(EMPTY);
  #size = 0;

  /** `width`: bytes a name, a multiple of 4. */
  constructor(width: number) {
    invariant(width > 0 && width % 4 === 0, `names of ${width} bytes are not whole words`);
    this.width = width;
  }

  get size(): number {
    return this.#size;
  }

  /** The number of a name; undefined where it has none. */
  find(name: Buffer): number | undefined {
    const number = this.#slots[this.#slotOf(name)] as number;
    return number === EMPTY ? undefined : number;
  }

  /** The number of a name, the next one where it is new. */
  numberOf(name: Buffer): number {
    const slot = this.#slotOf(name);
    const known = this.#slots[slot] as number;
    if (known !== EMPTY) return known;
    const number = this.#size++;
    if (number % PAGE === 0) this.#pages.push(Buffer.allocUnsafeSlow(PAGE * this.width));
    name.copy(this.#page(number), (number % PAGE) * this.width, 0, this.width);
    this.#slots[slot] = number;
    if (this.#size * 3 > this.#slots.length * 2) this.#grow();
    return number;
  }

  /** The bytes of a number, not a copy of them. */
  bytes(number: number): Buffer {
    const from = (number % PAGE) * this.width;
    return this.#page(number).subarray(from, from + this.width);
  }

  #page(number: number): Buffer {
    return this.#pages[Math.floor(number / PAGE)] as Buffer;
  }

  #slotOf(name: Buffer): number {
    invariant(name.length === this.width, `a name of ${name.length} bytes where all have ${this.width}`);
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash(name, 0) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] as number;
      if (number === EMPTY) return slot;
      const from = (number % PAGE) * this.width;
      if (name.compare(this.#page(number), from, from + this.width) === 0) return slot;
    }
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(EMPTY);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#size; number++) {
      let slot = this.#hash(this.#page(number), (number % PAGE) * this.width) & mask;
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.#slots = slots;
  }

  /** MurmurHash3's 32-bit mixing of whole words. */
  #hash(bytes: Buffer, from: number): number {
    let hash = this.#seed;
    for (let at = from; at < from + this.width; at += 4) {
      let word = Math.imul(bytes.readInt32LE(at), 0xcc9e2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
      hash ^= word;
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

/** Two numbers below 2^32 as one name of 8 bytes, in `into`. */
export function pairName(first: number, second: number, into: Buffer): Buffer {
  into.writeUInt32LE(first, 0);
  into.writeUInt32LE(second, 4);
  return into;
}
