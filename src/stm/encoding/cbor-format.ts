// The part of CBOR (RFC 8949) that the 2026 byte form uses: unsigned integers in their shortest form, doubles, null, text,
// lists, maps. Byte strings are lists of integers there; maps with an open end occur in one place.
import { concat, u64be, utf8 } from "../bytes.js";
import { refuse } from "./fields.js";

export class Float {
  constructor(readonly value: number) {}
}

/** Members in order; `open` asks for the form without a count. */
export class CborMap {
  constructor(
    readonly members: readonly (readonly [string, Cbor])[],
    readonly open = false,
  ) {}
}

export type Cbor = null | number | bigint | string | Float | Uint8Array | CborMap | readonly Cbor[];

const [UNSIGNED, TEXT, LIST, MAP] = [0, 3, 4, 5];
const [NULL, DOUBLE, OPEN_MAP, BREAK] = [0xf6, 0xfb, 0xbf, 0xff];
const MOST_NESTED = 8;
const WHAT = "the CBOR";

function head(major: number, value: bigint): number[] {
  const lead = major << 5;
  if (value < 24n) return [lead | Number(value)];
  const bytes = [...u64be(value)];
  if (value < 0x100n) return [lead | 24, ...bytes.slice(7)];
  if (value < 0x10000n) return [lead | 25, ...bytes.slice(6)];
  if (value < 0x100000000n) return [lead | 26, ...bytes.slice(4)];
  return [lead | 27, ...bytes];
}

export function encodeCbor(value: Cbor): Uint8Array {
  const out: number[] = [];
  write(value, out);
  return Uint8Array.from(out);
}

function push(out: number[], bytes: Iterable<number>): void {
  for (const byte of bytes) out.push(byte);
}

function write(value: Cbor, out: number[]): void {
  if (value === null) out.push(NULL);
  else if (typeof value === "number" || typeof value === "bigint") push(out, head(UNSIGNED, BigInt(value)));
  else if (typeof value === "string") {
    const bytes = utf8(value);
    push(out, head(TEXT, BigInt(bytes.length)));
    push(out, bytes);
  } else if (value instanceof Float) {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value.value);
    push(out, concat(Uint8Array.of(DOUBLE), new Uint8Array(view.buffer)));
  } else if (value instanceof CborMap) {
    if (value.open) out.push(OPEN_MAP);
    else push(out, head(MAP, BigInt(value.members.length)));
    for (const [name, member] of value.members) {
      write(name, out);
      write(member, out);
    }
    if (value.open) out.push(BREAK);
  } else if (value instanceof Uint8Array) {
    push(out, head(LIST, BigInt(value.length)));
    for (const byte of value) push(out, byte < 24 ? [byte] : [24, byte]);
  } else {
    push(out, head(LIST, BigInt(value.length)));
    for (const item of value) write(item, out);
  }
}

/** Numbers up to 2^53 - 1 as `number`, larger ones as `bigint`, doubles as {@link Float}, maps as plain objects. */
export function decodeCbor(bytes: Uint8Array): unknown {
  const decoder = new Decoder(bytes);
  const value = decoder.value(0);
  decoder.end();
  return value;
}

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) refuse(WHAT, "has bytes left over");
  }

  #skip(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) refuse(WHAT, "ends too early");
    this.#at += length;
    return start;
  }

  value(depth: number): unknown {
    if (depth > MOST_NESTED) refuse(WHAT, "is nested too deeply");
    const lead = this.#view.getUint8(this.#skip(1));
    if (lead === NULL) return null;
    if (lead === DOUBLE) return new Float(this.#view.getFloat64(this.#skip(8)));
    if (lead === OPEN_MAP) return this.#map(depth, Number.POSITIVE_INFINITY);
    const argument = this.#argument(lead & 31);
    switch (lead >> 5) {
      case UNSIGNED:
        return argument <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(argument) : argument;
      case TEXT:
        return this.#text(this.#count(argument));
      case LIST:
        return Array.from({ length: this.#count(argument) }, () => this.value(depth + 1));
      case MAP:
        return this.#map(depth, this.#count(argument));
      default:
        return refuse(WHAT, `uses the type ${lead >> 5}, which has no place here`);
    }
  }

  #argument(info: number): bigint {
    if (info < 24) return BigInt(info);
    const length = { 24: 1, 25: 2, 26: 4, 27: 8 }[info];
    if (length === undefined) refuse(WHAT, "has a length of no known form");
    const start = this.#skip(length as number);
    let value = 0n;
    for (let i = start; i < this.#at; i++) value = (value << 8n) | BigInt(this.#view.getUint8(i));
    const least = { 24: 24n, 25: 0x100n, 26: 0x10000n, 27: 0x100000000n }[info] as bigint;
    if (value < least) refuse(WHAT, "has a number that is not in its shortest form");
    return value;
  }

  /** An item takes a byte at least, so that no count above the bytes that are left is believed. */
  #count(value: bigint): number {
    if (value > BigInt(this.#bytes.length - this.#at)) refuse(WHAT, "ends too early");
    return Number(value);
  }

  #text(length: number): string {
    const start = this.#skip(length);
    const bytes = this.#bytes.subarray(start, this.#at);
    // Only names of members are text, and those are ASCII.
    if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) refuse(WHAT, "has text that is not ASCII");
    return String.fromCharCode(...bytes);
  }

  #map(depth: number, count: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < count; i++) {
      if (count === Number.POSITIVE_INFINITY && this.#bytes[this.#at] === BREAK) {
        this.#at += 1;
        break;
      }
      const name = this.value(depth + 1);
      if (typeof name !== "string" || name === "__proto__") refuse(WHAT, "has a member without a proper name");
      if (Object.hasOwn(object, name as string)) refuse(WHAT, `has the member ${String(name)} twice`);
      object[name as string] = this.value(depth + 1);
    }
    return object;
  }
}
