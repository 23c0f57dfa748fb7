import { isUtf8 } from "node:buffer";

import { SnapshotError } from "../errors.js";

/** Reads what `ByteWriter` writes, from bytes of anybody: never beyond their end, and every value in its one spelling. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;
  #end: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
    this.#end = bytes.byteLength;
  }

  get done(): boolean {
    return this.#at === this.#end;
  }

  #take(size: number): number {
    const at = this.#at;
    if (size > this.#end - at) throw malformed("ends in the middle of a field");
    this.#at = at + size;
    return at;
  }

  u8(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  u64(): number {
    const at = this.#take(8);
    const high = this.#bytes.readUInt32BE(at);
    if (high > 0x1f_ffff) throw malformed("holds a number above 2^53");
    return high * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);
  }

  flag(): boolean {
    const value = this.u8();
    if (value > 1) throw malformed("holds a flag that is neither 0 nor 1");
    return value === 1;
  }

  optional(): number | null {
    return this.flag() ? this.u64() : null;
  }

  hex(size: number): string {
    const at = this.#take(size);
    return `0x${this.#bytes.toString("hex", at, at + size)}`;
  }

  raw(size: number): Buffer {
    const at = this.#take(size);
    return this.#bytes.subarray(at, at + size);
  }

  short(): string {
    return this.#text(this.u8());
  }

  long(): string {
    return this.#text(this.u32());
  }

  #text(size: number): string {
    const bytes = this.raw(size);
    if (!isUtf8(bytes) || bytes.includes(0)) throw malformed("holds a text that is not UTF-8, or has a zero");
    return bytes.toString("utf8");
  }

  /** Reads a length and gives what `body` reads of exactly so many bytes. */
  measured<T>(body: () => T): T {
    const size = this.u32();
    const end = this.#end;
    if (size > end - this.#at) throw malformed("holds an entry that is longer than the rest");
    this.#end = this.#at + size;
    const result = body();
    if (this.#at !== this.#end) throw malformed("holds an entry with bytes left over");
    this.#end = end;
    return result;
  }
}

export const malformed = (problem: string) =>
  new SnapshotError("snapshots/malformed-chunk", `The chunk is not in the format: it ${problem}`);

/** Reads a byte that is a position in a list of the format. */
export function pick<const T extends string>(from: ByteReader, choices: readonly T[]): T {
  const found = choices[from.u8()];
  if (found === undefined) throw malformed("names a kind of entry that is not known");
  return found;
}
