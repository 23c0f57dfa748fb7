// Just enough of the WebAssembly binary format (https://webassembly.github.io/spec/core/binary/) to write the Keccak
// module by hand: nothing is compiled at build time and no binary has to be trusted, the instructions are below and in
// the neighbouring files. Instructions are written in stack order, as lists of bytes.

export type Code = readonly number[];

/** Unsigned LEB128. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

const memory = (alignment: number, offset: number): Code => [alignment, ...unsigned(offset)];
const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];

export const seq = (...parts: readonly Code[]): Code => parts.flat();
export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
/** Sets the local and leaves the value on the stack. */
export const tee = (local: number, value: Code): Code => [...value, 0x22, ...unsigned(local)];
export const call = (index: number): Code => [0x10, ...unsigned(index)];

/** A 32-bit constant, not negative: signed LEB128, so the last byte leaves its sign bit free. */
export function i32(value: number): Code {
  const bytes = [...unsigned(value)];
  const last = bytes.length - 1;
  if (((bytes[last] ?? 0) & 0x40) !== 0) bytes.splice(last, 1, (bytes[last] ?? 0) | 0x80, 0);
  return [0x41, ...bytes];
}
export const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const multiply = (a: Code, b: Code): Code => [...a, ...b, 0x6c];
export const differs = (a: Code, b: Code): Code => [...a, ...b, 0x47];
export const below = (a: Code, b: Code): Code => [...a, ...b, 0x49];
export const loadByte = (address: Code): Code => [...address, 0x2d, ...memory(0, 0)];
/** `condition ? a : b`, both evaluated. */
export const choose = (a: Code, b: Code, condition: Code): Code => [...a, ...b, ...condition, 0x1b];

export const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b];
export const giveBack = (value: Code): Code => [...value, 0x0f];
/** Repeats `body` while `condition`, evaluated after it, is not zero. */
export const repeatWhile = (condition: Code, body: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];

// 128-bit values: two 64-bit lanes.
export const xor = (a: Code, b: Code): Code => [...a, ...b, ...simd(0x51)];
export const or = (a: Code, b: Code): Code => [...a, ...b, ...simd(0x50)];
/** `a & ~b`. */
export const andNot = (a: Code, b: Code): Code => [...a, ...b, ...simd(0x4f)];
export const shiftLeft = (a: Code, bits: number): Code => [...a, ...i32(bits), ...simd(0xcb)];
export const shiftRight = (a: Code, bits: number): Code => [...a, ...i32(bits), ...simd(0xcd)];
export const load = (address: Code, offset: number): Code => [...address, ...simd(0x00), ...memory(4, offset)];
export const store = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  ...simd(0x0b),
  ...memory(4, offset),
];
/** The 64-bit word at `address` in both lanes. */
export const loadBoth = (address: Code, offset: number): Code => [...address, ...simd(0x0a), ...memory(3, offset)];
/** The word at `first` in lane 0 and the word at `second` in lane 1. */
export const loadLanes = (first: Code, second: Code, offset: number): Code => [
  ...second,
  ...loadBoth(first, offset),
  ...simd(0x57),
  ...memory(0, offset),
  1,
];
export const storeLane = (address: Code, offset: number, value: Code, lane: number): Code => [
  ...address,
  ...value,
  ...simd(0x5b),
  ...memory(0, offset),
  lane,
];
/** A constant of two equal lanes, given as its eight little-endian bytes. */
export const bothLanes = (bytes: readonly number[]): Code => [...simd(0x0c), ...bytes, ...bytes];

export interface WasmFunction {
  readonly name?: string;
  readonly parameters: number;
  readonly returns?: boolean;
  readonly locals?: { readonly i32?: number; readonly v128?: number };
  readonly body: Code;
}

const I32 = 0x7f;
const V128 = 0x7b;
const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const sized = (content: Code): Code => [...unsigned(content.length), ...content];
const section = (id: number, items: readonly Code[]): Code => [id, ...sized(vector(items))];
const name = (text: string): Code => sized([...new TextEncoder().encode(text)]);

/** A module of `functions` (all parameters are `i32`; a call names its function by position) with one exported memory. */
export function assemble(functions: readonly WasmFunction[], pages: number): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, returns }) => [
    0x60,
    ...vector(Array.from({ length: parameters }, () => [I32])),
    ...vector(returns ? [[I32]] : []),
  ]);
  const exported = functions.flatMap((item, index) =>
    item.name === undefined ? [] : [[...name(item.name), 0x00, ...unsigned(index)]],
  );
  const bodies = functions.map(({ locals, body }) =>
    sized([
      ...vector([
        [...unsigned(locals?.i32 ?? 0), I32],
        [...unsigned(locals?.v128 ?? 0), V128],
      ]),
      ...body,
      0x0b,
    ]),
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(5, [[0x01, ...unsigned(pages), ...unsigned(pages)]]),
    ...section(7, [[...name("memory"), 0x02, 0x00], ...exported]),
    ...section(10, bodies),
  ]);
}
