// Fields of Mithril's documents. Integers may exceed 2^53 and are bigints; members that we do not know are left alone, since
// later versions add some, except where they would be signed.
import { DocumentReader } from "../shared/document.js";
import type { MithrilErrorCode } from "./errors.js";

export const read = new DocumentReader<MithrilErrorCode>("mithril/malformed");

export const MAX_U64 = 2n ** 64n - 1n;
export const HASH = /^[0-9a-f]{64}$/;

/** A member that must be there. */
export function member(object: Readonly<Record<string, unknown>>, key: string, path: string): unknown {
  if (!Object.hasOwn(object, key)) read.fail(`${path}.${key}`, "is missing");
  return object[key];
}

/** An integer from 0 to 2^64 - 1, or to `maximum`. */
export function natural(value: unknown, path: string, maximum = MAX_U64): bigint {
  const integer = typeof value === "bigint" ? value : Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
  if (integer === undefined) return read.fail(path, "is not an integer");
  if (integer < 0n || integer > maximum) read.fail(path, `is not between 0 and ${maximum}`);
  return integer;
}

/** A finite number, whole or not. */
export function real(value: unknown, path: string): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return read.fail(path, "is not a number");
  return number;
}

/** Hex of whole bytes, lower case, with at least one byte. */
export const hexText = (value: unknown, path: string): string => {
  const text = read.string(value, path);
  if (!/^([0-9a-f]{2})+$/.test(text))
    read.fail(path, text === "" ? "is empty" : "is not lower-case hex of whole bytes");
  return text;
};
