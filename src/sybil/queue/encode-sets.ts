// What a queued search is stored as: tokenCount, the number of rows, `starts` and `tokens`, each a 32-bit word, smallest byte first.
import { createHash } from "node:crypto";

import type { TokenSets } from "../dna/fingerprints.js";
import { SybilError } from "../errors.js";

const HEADER = 2;

/** One spelling for each input, so that equal inputs have one hash. */
export function encodeSets({ starts, tokens, tokenCount }: TokenSets): Buffer {
  return wordsToBytes([[tokenCount, starts.length - 1], starts, tokens]);
}

/**
 * The sets of stored bytes that should have this SHA-256. Throws `sybil/damaged-search` where they have another, or are no sets:
 * whoever may write to the database may have made both.
 */
export function decodeSets(bytes: Buffer, hash: string): TokenSets {
  const refuse = (why: string) =>
    new SybilError("sybil/damaged-search", `The stored input ${hash} ${why}: run the search again, it is stored anew`);
  if (hashInput(bytes) !== hash) throw refuse("has another SHA-256");
  if (bytes.length % 4 !== 0 || bytes.length < 4 * HEADER) throw refuse("is no list of sets");
  const words = bytesToWords(bytes);
  const [tokenCount, rows] = words as unknown as [number, number];
  const starts = words.subarray(HEADER, HEADER + rows + 1);
  const tokens = words.subarray(HEADER + rows + 1);
  const ascending = starts.every((start, at) => start >= (starts[at - 1] ?? 0));
  if (starts.length !== rows + 1 || starts[0] !== 0 || !ascending || starts[rows] !== tokens.length) {
    throw refuse("is no list of sets");
  }
  if (!tokens.every((token) => token < tokenCount)) throw refuse("names a token that it does not have");
  return { starts, tokens, tokenCount };
}

/** The SHA-256, as hex. */
export const hashInput = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Words in their order, whatever order the bytes of this machine are in. */
export function wordsToBytes(lists: readonly ArrayLike<number>[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) for (let i = 0; i < list.length; i++) at = bytes.writeUInt32LE(list[i] as number, at);
  return bytes;
}

export function bytesToWords(bytes: Buffer): Uint32Array {
  const words = new Uint32Array(bytes.length / 4);
  for (let i = 0; i < words.length; i++) words[i] = bytes.readUInt32LE(4 * i);
  return words;
}
