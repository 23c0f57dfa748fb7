import { createHash } from "node:crypto";

import type { FingerprintIndex } from "../dna/fingerprints.js";
import type { Metric } from "../dna/nearest.js";
import { SybilError } from "../errors.js";

/** A search for the nearest neighbours of all donors, in blocks. Block b is the distinct sets b, b + blocks, b + 2 · blocks, ... */
export interface NearestSearch {
  /** A hash of everything below: whoever asks the same again finds what is done of it. */
  readonly id: string;
  /** The SHA-256 of the stored input. */
  readonly input: string;
  readonly metric: Metric;
  readonly blocks: number;
}

/** One block of a search, as it is queued. */
export interface SearchPiece {
  readonly search: string;
  readonly block: number;
}

/** Blocks that nobody asked for otherwise: enough that several workers end together, few enough that their overhead is small. */
export const DEFAULT_BLOCKS = 16;
const MOST_BLOCKS = 10_000;

/**
 * Which distinct set has which number follows from the code that numbers them. Another version of it is another search: change the
 * name here with it.
 */
const FORMAT = "touchstone-nearest-v1";

export function makeSearch(input: string, metric: Metric, blocks: number): NearestSearch {
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > MOST_BLOCKS) {
    throw new SybilError("sybil/bad-setting", `A search has 1 to ${MOST_BLOCKS} blocks, not ${blocks}`, { blocks });
  }
  const id = createHash("sha256").update(`${FORMAT} ${metric} ${blocks} ${input}`).digest("hex");
  return { id, input, metric, blocks };
}

/** How many distinct sets a block has. */
export const blockSize = ({ copies }: FingerprintIndex, { blocks }: NearestSearch, block: number): number =>
  Math.max(0, Math.ceil((copies.length - block) / blocks));
