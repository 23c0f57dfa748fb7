import path from "node:path";

import { SybilError } from "../errors.js";
import { readTable } from "../tables/read-table.js";
import type { TokenSets } from "./fingerprints.js";

/** Donors with their fingerprints; donor d has the token set d. */
export interface DonorFingerprints extends TokenSets {
  readonly donors: readonly string[];
  readonly tokenNames: readonly string[];
}

/**
 * Reads `donor,bits`: the names of the bits that are set, separated by spaces, any tokens, each once. Throws
 * `sybil/duplicate-row` for a donor that is there twice and `sybil/bad-cell` for a bit that is, besides what `readTable` throws.
 */
export async function readDonors(file: string): Promise<DonorFingerprints> {
  const name = path.basename(file);
  const lines = new Map<string, number>();
  const ids = new Map<string, number>();
  const starts = [0];
  const tokens: number[] = [];
  for await (const { line, cells } of readTable(file, ["donor", "bits"])) {
    const [donor, bits] = cells as [string, string];
    const before = lines.get(donor);
    if (before !== undefined) {
      throw new SybilError("sybil/duplicate-row", `${name}, line ${line}: donor ${donor} stands in line ${before} too`);
    }
    lines.set(donor, line);
    const from = tokens.length;
    for (const bit of bits.split(" ")) {
      if (bit === "") continue;
      const id = ids.get(bit) ?? ids.size;
      ids.set(bit, id);
      if (tokens.indexOf(id, from) !== -1) {
        throw new SybilError("sybil/bad-cell", `${name}, line ${line}: the bit ${bit} is there twice`, { line });
      }
      tokens.push(id);
    }
    starts.push(tokens.length);
  }
  return {
    donors: [...lines.keys()],
    tokenNames: [...ids.keys()],
    starts: Uint32Array.from(starts),
    tokens: Uint32Array.from(tokens),
    tokenCount: ids.size,
  };
}
