import { DomainError } from "./errors.js";

/** What canonical JSON can hold: no floats, no undefined, nothing that two writers could spell differently. */
export type CanonicalValue =
  string | number | boolean | null | readonly CanonicalValue[] | { readonly [key: string]: CanonicalValue };

/**
 * One spelling of a document, for hashing: members sorted by code unit, no spaces, integers only. The part of RFC 8785
 * that needs no number formatting; anything outside it throws `json/not-canonical`.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      throw new DomainError("json/not-canonical", `${value} has more than one spelling; write it as a decimal string`);
    }
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value as Record<string, CanonicalValue>).sort(([a], [b]) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}
