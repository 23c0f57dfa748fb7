// The original distribution's request authentication, for front ends that still speak it: opt-in, because it covers
// neither path, nor time, nor nonce. HMAC-SHA256, upper-case hex, over the body parsed and written again the way
// Python's json module does it: ", " and ": " between items, keys in the order received, everything but ASCII escaped.
import { createHmac } from "node:crypto";

import type { Secret } from "../shared/secret.js";

export const COMPATIBILITY_HEADER = "x-gitcoin-sig";

/** A JSON value with its numbers as they were written. */
type Reread =
  string | boolean | null | Reread[] | { readonly number: string } | { readonly members: [string, Reread][] };

export function compatibilitySignature(secret: Secret<Uint8Array>, body: Uint8Array): Buffer {
  return createHmac("sha256", secret.expose())
    .update(rewriteAsPython(Buffer.from(body).toString("utf8")))
    .digest();
}

/** The text that the original signs; throws SyntaxError for what is no JSON, or has numbers that are no integers. */
export function rewriteAsPython(text: string): string {
  const parse = JSON.parse as (
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ) => Reread;
  const value = parse(text, (_key, item, { source }) => {
    if (typeof item === "number") {
      if (source === undefined || !/^-?(0|[1-9][0-9]*)$/.test(source)) throw new SyntaxError("not an integer");
      return { number: source };
    }
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return { members: Object.entries(item) };
  });
  return write(value);
}

function write(value: Reread): string {
  if (typeof value === "string") return quote(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(", ")}]`;
  if ("number" in value) return value.number;
  return `{${value.members.map(([key, item]) => `${quote(key)}: ${write(item)}`).join(", ")}}`;
}

function quote(text: string): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escape);
}

/** The original's field names, as ours; anything else is left for the schema to refuse. */
export function translateOriginalRequest(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("user_id" in body)) return body;
  const { user_id, user_address, delegate_address, user_amount, ...rest } = body as Record<string, unknown>;
  const userId = typeof user_id === "string" && /^(0|[1-9][0-9]{0,9})$/.test(user_id) ? Number(user_id) : user_id;
  return { userId, account: user_address, delegatee: delegate_address, amount: user_amount, ...rest };
}
