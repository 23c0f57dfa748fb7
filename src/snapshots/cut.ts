// Where a snapshot ends and where its chunks begin: the same on every machine, whenever it looks.

/** Sequences per chunk. A constant of the network: signers refuse another one, because the digest depends on it. */
export const CHUNK_SEQUENCES = 16_384;

/** A chunk's place: it holds the sequences `first` to `last`, both inclusive. */
export interface ChunkRange {
  /** From 0. */
  readonly number: number;
  readonly first: number;
  readonly last: number;
}

/** The chunks of a log that ends at `cut`. Chunk n holds the sequences n·size + 1 to (n + 1)·size; only the last may be open. */
export function chunkRanges(cut: number, size = CHUNK_SEQUENCES): ChunkRange[] {
  return Array.from({ length: Math.ceil(cut / size) }, (_, number) => ({
    number,
    first: number * size + 1,
    last: Math.min((number + 1) * size, cut),
  }));
}
