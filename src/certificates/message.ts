// The message of a certificate, for Mithril's certificates and for ours: named parts in a fixed order, hashed without
// separators. What is signed is not the hash's 32 bytes but its 64 hex digits, as ASCII.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export type MessageParts<Name extends string> = Readonly<Partial<Record<Name, string>>>;

/** SHA-256 over name and value of each part that is there, in `order`; 64 lower-case hex digits. */
export function messageHash<Name extends string>(order: readonly Name[], parts: MessageParts<Name>): string {
  const chunks = order.flatMap((name) => {
    const value = parts[name];
    return value === undefined ? [] : [utf8ToBytes(name), utf8ToBytes(value)];
  });
  return bytesToHex(sha256(concatBytes(...chunks)));
}

/** The bytes that the multisignature or the genesis key signs: the message hash as ASCII. */
export const signedBytes = (hash: string): Uint8Array => utf8ToBytes(hash);
