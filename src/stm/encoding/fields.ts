import { type AggregateKey, checkAggregateKey, U64_MAX } from "../aggregate-key.js";
import { StmError } from "../errors.js";

// What all encodings ask of a decoded value before it becomes one of the scheme's types.

export function refuse(what: string, problem: string): never {
  throw new StmError("stm/malformed", `${what} ${problem}`, { what });
}

/** A plain object with exactly these members. */
export function members(value: unknown, what: string, ...names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(what, "is not an object");
  const object = value as Record<string, unknown>;
  for (const name of names) if (!Object.hasOwn(object, name)) refuse(what, `has no member ${name}`);
  for (const name of Object.keys(object)) if (!names.includes(name)) refuse(what, `has the unknown member ${name}`);
  return object;
}

export function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse(what, "is not a list");
  return value as readonly unknown[];
}

/** A list of integers from 0 to 255; of `length` ones if given. */
export function byteList(value: unknown, what: string, length?: number): Uint8Array {
  const items = list(value, what);
  if (length !== undefined && items.length !== length) refuse(what, `has ${items.length} bytes instead of ${length}`);
  return Uint8Array.from(items, (item) => {
    if (!Number.isInteger(item) || (item as number) < 0 || (item as number) > 255)
      refuse(what, "is not a list of bytes");
    return item as number;
  });
}

/** An unsigned 64-bit integer, read as a number or a bigint. */
export function u64(value: unknown, what: string): bigint {
  const whole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (!whole || Object.is(value, -0)) refuse(what, "is not a whole number");
  const wide = BigInt(value as number | bigint);
  if (wide < 0n || wide > U64_MAX) refuse(what, "is not an unsigned 64-bit number");
  return wide;
}

/** An unsigned integer that numbers something: an index, a leaf, a count. */
export function ordinal(value: unknown, what: string): number {
  const wide = u64(value, what);
  if (wide > BigInt(Number.MAX_SAFE_INTEGER)) refuse(what, "is too large");
  return Number(wide);
}

export const ordinals = (value: unknown, what: string): number[] =>
  list(value, what).map((item) => ordinal(item, what));

/** The aggregate key with its ranges checked. */
export function soundAggregateKey(key: AggregateKey): AggregateKey {
  checkAggregateKey(key);
  return key;
}
