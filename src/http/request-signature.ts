// How a front end proves itself to the claim service. The HMAC-SHA256 (lower-case hex) covers, each followed by a line
// feed: method, path with query, timestamp (seconds), nonce, the end user's address (may be empty); then the raw body.
import { createHmac, timingSafeEqual } from "node:crypto";

import type { Secret } from "../shared/secret.js";

export const KEY_HEADER = "x-touchstone-key";
export const TIMESTAMP_HEADER = "x-touchstone-timestamp";
export const NONCE_HEADER = "x-touchstone-nonce";
export const CLIENT_ADDRESS_HEADER = "x-touchstone-client-address";
export const SIGNATURE_HEADER = "x-touchstone-signature";

export interface SignedParts {
  readonly method: string;
  readonly path: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly clientAddress: string;
  readonly body: Uint8Array;
}

export function requestSignature(secret: Secret<Uint8Array>, parts: SignedParts): Buffer {
  const { method, path, timestamp, nonce, clientAddress, body } = parts;
  return createHmac("sha256", secret.expose())
    .update(`${method}\n${path}\n${timestamp}\n${nonce}\n${clientAddress}\n`)
    .update(body)
    .digest();
}

/** Compares in constant time; a signature of another length is compared, too, with nothing that could match. */
export function equalSignatures(expected: Buffer, given: string): boolean {
  const wellFormed = /^[0-9a-fA-F]{64}$/.test(given);
  const bytes = wellFormed ? Buffer.from(given, "hex") : Buffer.alloc(32);
  return timingSafeEqual(expected, bytes) && wellFormed;
}
