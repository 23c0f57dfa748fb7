import { SnapshotError } from "../errors.js";

/** Writes the format's fields, all of fixed width or with their length in front, big-endian. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1 << 16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #reserve(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes.writeUInt8(value, at);
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    this.#bytes.writeUInt32BE(value, at);
  }

  /** A safe integer that is not negative. */
  u64(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw unsealable(`${value} is no number of the format`);
    const at = this.#reserve(8);
    this.#bytes.writeUInt32BE(Math.floor(value / 2 ** 32), at);
    this.#bytes.writeUInt32BE(value % 2 ** 32, at + 4);
  }

  /** One byte that says whether the number follows. */
  optional(value: number | null): void {
    this.u8(value === null ? 0 : 1);
    if (value !== null) this.u64(value);
  }

  /** `size` bytes, given as 0x and lower-case digits. */
  hex(text: string, size: number): void {
    if (text.length !== 2 + 2 * size || !/^0x[0-9a-f]*$/.test(text)) {
      throw unsealable(`"${text}" is not ${size} bytes of lower-case hex`);
    }
    const at = this.#reserve(size);
    this.#bytes.write(text.slice(2), at, "hex");
  }

  raw(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Up to 255 bytes of UTF-8. */
  short(text: string): void {
    const size = sizeOf(text);
    if (size > 255) throw unsealable("a name is longer than 255 bytes");
    this.u8(size);
    this.#text(text, size);
  }

  /** UTF-8 of any length. */
  long(text: string): void {
    const size = sizeOf(text);
    this.u32(size);
    this.#text(text, size);
  }

  #text(text: string, size: number): void {
    const at = this.#reserve(size);
    this.#bytes.write(text, at, "utf8");
  }

  /** Writes the length, four bytes, in front of what `body` writes. */
  measured(body: () => void): void {
    const at = this.#reserve(4);
    body();
    this.#bytes.writeUInt32BE(this.#length - at - 4, at);
  }

  /** Writes over a number that was written before. */
  setU32(at: number, value: number): void {
    this.#bytes.writeUInt32BE(value, at);
  }

  /** A copy of what was written. */
  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }
}

function sizeOf(text: string): number {
  // Half a surrogate pair would come back as another character; no PostgreSQL text holds the character zero.
  if (/\p{Surrogate}|\0/u.test(text)) throw unsealable("a text holds a character that is none, or a zero");
  return Buffer.byteLength(text);
}

const unsealable = (problem: string) => new SnapshotError("snapshots/unsealable", `The log cannot be sealed: ${problem}`);
