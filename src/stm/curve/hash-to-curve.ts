// hash_to_curve of the suite BLS12381G1_XMD:SHA-256_SSWU_RO_ (RFC 9380) for any domain separation tag. The native scheme
// uses the empty one, which the RFC forbids and libraries refuse; hence expand_message_xmd by hand.
import { sha256 } from "@noble/hashes/sha2.js";

import { concat, utf8 } from "../bytes.js";
import { type G1Point, mapPairToG1 } from "./group.js";

const Z_PAD = new Uint8Array(64);
/** Two field elements of 64 bytes: 128, as I2OSP(128, 2). */
const LENGTH = Uint8Array.of(0, 128);

function expandMessage(message: Uint8Array, tag: Uint8Array): Uint8Array {
  const suffix = concat(tag, Uint8Array.of(tag.length));
  const first = sha256(concat(Z_PAD, message, LENGTH, Uint8Array.of(0), suffix));
  const blocks: Uint8Array[] = [];
  for (let i = 1, previous: Uint8Array = new Uint8Array(32); i <= 4; i++) {
    const mixed = first.map((byte, at) => byte ^ (previous[at] ?? 0));
    previous = sha256(concat(mixed, Uint8Array.of(i), suffix));
    blocks.push(previous);
  }
  return concat(...blocks);
}

/** The point of G1 for a message; `tag` is the domain separation tag, of at most 255 bytes, empty in the native scheme. */
export function hashToG1(message: Uint8Array, tag = ""): G1Point {
  const uniform = expandMessage(message, utf8(tag));
  return mapPairToG1(uniform.subarray(0, 64), uniform.subarray(64));
}
