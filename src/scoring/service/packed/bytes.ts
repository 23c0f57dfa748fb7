// Bytes written and read in order, for rows that are packed and unpacked by the million.

/** Appends to a buffer that grows. `take` hands over a copy and starts again. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #at = 0;

  #room(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(2 * (at + size));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    this.#at = at + size;
    return at;
  }

  byte(value: number): void {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#bytes.writeUInt16BE(value, at);
  }

  /** Any number: whole ones are exact up to 2^53. */
  number(value: number): void {
    const at = this.#room(8);
    this.#bytes.writeDoubleBE(value, at);
  }

  /** Exactly `size` bytes, spelled in hex. */
  hex(digits: string, size: number): void {
    const at = this.#room(size);
    this.#bytes.write(digits, at, size, "hex");
  }

  /** Exactly `size` bytes, spelled in base64. */
  base64(digits: string, size: number): void {
    const at = this.#room(size);
    this.#bytes.write(digits, at, size, "base64");
  }

  /** ASCII of at most 255 characters. */
  word(text: string): void {
    const at = this.#room(1 + text.length);
    this.#bytes[at] = text.length;
    this.#bytes.write(text, at + 1, text.length, "latin1");
  }

  /** Any text of at most 65,535 bytes. */
  text(text: string): void {
    const size = Buffer.byteLength(text);
    this.uint16(size);
    const at = this.#room(size);
    this.#bytes.write(text, at, size, "utf8");
  }

  /** Bytes out of another buffer, few enough that a loop beats a call. */
  copy(source: Uint8Array, from: number, to: number): void {
    const shift = this.#room(to - from) - from;
    const bytes = this.#bytes;
    for (let at = from; at < to; at++) bytes[shift + at] = source[at] as number;
  }

  take(): Buffer<ArrayBuffer> {
    const taken = Buffer.allocUnsafeSlow(this.#at);
    this.#bytes.copy(taken, 0, 0, this.#at);
    this.#at = 0;
    return taken;
  }
}

export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#bytes[this.#at++] as number;
  }

  uint16(): number {
    this.#at += 2;
    return this.#bytes.readUInt16BE(this.#at - 2);
  }

  number(): number {
    this.#at += 8;
    return this.#bytes.readDoubleBE(this.#at - 8);
  }

  hex(size: number): string {
    this.#at += size;
    return this.#bytes.toString("hex", this.#at - size, this.#at);
  }

  base64(size: number): string {
    this.#at += size;
    return this.#bytes.toString("base64", this.#at - size, this.#at);
  }

  word(): string {
    const size = this.byte();
    this.#at += size;
    return this.#bytes.toString("latin1", this.#at - size, this.#at);
  }

  text(): string {
    const size = this.uint16();
    this.#at += size;
    return this.#bytes.toString("utf8", this.#at - size, this.#at);
  }
}
