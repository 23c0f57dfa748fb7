import { NONE, type FingerprintIndex } from "../dna/fingerprints.js";
import type { Nearest } from "../dna/nearest.js";
import { bytesToWords, wordsToBytes } from "./encode-sets.js";
import { blockSize, type NearestSearch } from "./search.js";

/** What is stored of a block: for each of its distinct sets in order the neighbour and the number of common bits, in words. */
export function encodeBlock({ neighbours, common }: Nearest, { blocks }: NearestSearch, block: number): Buffer {
  const words: number[] = [];
  for (let u = block; u < neighbours.length; u += blocks) words.push(neighbours[u] as number, common[u] as number);
  return wordsToBytes([words]);
}

/** Writes a stored block into the whole. False, and nothing written, where the bytes are no result of this block. */
export function placeBlock(
  into: Nearest,
  bytes: Buffer,
  index: FingerprintIndex,
  search: NearestSearch,
  block: number,
): boolean {
  if (bytes.length !== 8 * blockSize(index, search, block)) return false;
  const words = bytesToWords(bytes);
  const count = index.copies.length;
  const possible = words.every((word, at) => {
    if (at % 2 === 0) return word < count || (word === NONE && count === 1);
    const neighbour = words[at - 1] as number;
    return word <= (neighbour === NONE ? 0 : (index.sizes[neighbour] as number));
  });
  if (!possible) return false;
  for (let u = block, at = 0; u < count; u += search.blocks, at += 2) {
    into.neighbours[u] = words[at] as number;
    into.common[u] = words[at + 1] as number;
  }
  return true;
}
