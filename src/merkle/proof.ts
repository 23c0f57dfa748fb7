import { hashPairs } from "./keccak/keccak.js";
import { fromHex, hex } from "./hex.js";
import { MerkleError } from "./errors.js";

/** The root that a leaf and its proof lead to (0x-prefixed words), pairs sorted. Throws `merkle/bad-file` for non-words. */
export function rootFromProof(leaf: string, proof: readonly string[]): string {
  const pair = new Uint8Array(64);
  const node = pair.subarray(0, 32);
  node.set(wordBytes(leaf));
  for (const sibling of proof) {
    pair.set(wordBytes(sibling), 32);
    hashPairs(pair, node);
  }
  return hex(node);
}

/** The bytes of a 0x-prefixed word. */
export function wordBytes(text: unknown): Uint8Array {
  const bytes = fromHex(text, 32);
  if (bytes === undefined) throw new MerkleError("merkle/bad-file", `${String(text)} is not a 32-byte word`);
  return bytes;
}
