import { buildLayerTree } from "../merkle/layer-tree.js";
import { proofOf, rootOf, type MerkleTree } from "../merkle/tree.js";
import { keccak } from "../shared/keccak.js";
import type { ChunkRange } from "./cut.js";
import { STREAMS, type Stream } from "./record.js";

/** A chunk of one stream as the snapshot's digest knows it. */
export interface SealedChunk {
  readonly stream: Stream;
  readonly range: ChunkRange;
  /** Of the chunk, before compression. */
  readonly bytes: number;
  /** SHA-256 of them, 0x and 64 digits. */
  readonly digest: string;
}

const WORD = 32;

/**
 * `keccak(keccak(abi.encode(uint256 stream, uint256 number, uint256 first, uint256 last, uint256 bytes, bytes32 digest)))`:
 * a chunk's place is in its leaf, so no two chunks can change places.
 */
export function chunkLeaf({ stream, range, bytes, digest }: SealedChunk): Uint8Array {
  const words = Buffer.alloc(6 * WORD);
  [STREAMS.indexOf(stream), range.number, range.first, range.last, bytes].forEach((value, word) =>
    words.writeBigUInt64BE(BigInt(value), (word + 1) * WORD - 8),
  );
  words.write(digest.slice(2), 5 * WORD, "hex");
  return keccak(keccak(words));
}

/** The tree over a snapshot's chunks in their order: by number, scores before stamps. Pairs are sorted, as in OpenZeppelin's. */
function chunkTree(chunks: readonly SealedChunk[]): MerkleTree {
  const leaves = new Uint8Array(chunks.length * WORD);
  chunks.forEach((chunk, index) => leaves.set(chunkLeaf(chunk), index * WORD));
  return buildLayerTree(leaves);
}

/** The snapshot's digest: the root of its chunks, 0x and 64 digits. What certificates carry as `snapshot_digest`. */
export const snapshotDigest = (chunks: readonly SealedChunk[]): string => rootOf(chunkTree(chunks));

/** The proof of the chunk at `index`, leaf to root. */
export const chunkProof = (chunks: readonly SealedChunk[], index: number): string[] =>
  proofOf(chunkTree(chunks), index);
