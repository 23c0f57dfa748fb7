// The existing issuers' nullifier, for reading their vectors: SHA-256 over the text of their signing key and the record. The
// key is a prefix, not an HMAC key, and signs credentials too, so one leak breaks both. We never issue these.
import { encodeBase64, sha256, toUtf8Bytes } from "ethers";

/** `value` of a record: `[[key, value], ...]`, keys sorted by code unit, no spaces. */
export function ecosystemValue(record: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(record).sort();
  return JSON.stringify(keys.map((key) => [key, record[key]]));
}

/** `secret` is the text of the issuer's key document, `version` of its key, for example "1" or "0.0.0". */
export function ecosystemNullifier(secret: string, record: Readonly<Record<string, unknown>>, version: string): string {
  return `v${version}:${encodeBase64(sha256(toUtf8Bytes(secret + ecosystemValue(record))))}`;
}
