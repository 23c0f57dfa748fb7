import { createHash } from "node:crypto";

import type { TokenSets } from "../../../src/sybil/dna/fingerprints.js";

/** Sets as donors are: some tokens common, most rare, some rows the same. The same for the same seed. */
export function generatedSets(rows: number, seed: number): TokenSets {
  const random = createHash("shake256", { outputLength: rows * 64 })
    .update(String(seed))
    .digest();
  const starts = [0];
  const tokens: number[] = [];
  for (let row = 0; row < rows; row++) {
    const from = (row % 17 === 16 ? row - 1 : row) * 64;
    const set = new Set<number>();
    for (let at = 0; at < 3 + ((random[from] as number) % 12); at++) {
      const word = random.readUInt32LE(from + 4 + 4 * at);
      set.add(word % 3 === 0 ? (word >>> 8) % 12 : 12 + ((word >>> 8) % 600));
    }
    tokens.push(...set);
    starts.push(tokens.length);
  }
  return { starts: Uint32Array.from(starts), tokens: Uint32Array.from(tokens), tokenCount: 612 };
}
