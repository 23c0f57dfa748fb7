// OpenZeppelin's `standard-v1` shape: a complete binary heap, leaves sorted by hash, the smallest one last; a node is
// the hash of its children, smaller one first. Root and proofs equal those of `StandardMerkleTree` over the same values
// and of `SimpleMerkleTree` over the same leaves.
import { invariant } from "../shared/errors.js";
import { noProgress, type Progress } from "../shared/progress.js";
import { hashPairs } from "./keccak/keccak.js";
import { sortWords } from "./sort-words.js";
import { nodeCount, type MerkleTree } from "./tree.js";
import { wordsOf } from "./words.js";

const CHUNK = 16_384;

export interface PlacedTree {
  readonly tree: MerkleTree;
  /** Where each leaf stands among the nodes, in the leaves' original order. */
  readonly positions: Uint32Array<ArrayBuffer>;
}

/** Builds the tree of `leaves` (32 bytes each, at least one). */
export function buildHeapTree(leaves: Uint8Array, progress: Progress = noProgress): PlacedTree {
  const count = leaves.length / 32;
  invariant(count >= 1 && Number.isInteger(count), "a tree needs leaves of 32 bytes");
  progress.update("sorting leaves", 0, count);
  const order = sortWords(leaves);
  const size = nodeCount("heap", count);
  const nodes = new Uint8Array(size * 32);
  const positions = new Uint32Array(count);
  // Eight 32-bit words at a time: this copy goes all over the memory, and bytes would double its cost.
  const source = wordsOf(leaves);
  const target = wordsOf(nodes);
  for (let k = 0; k < count; k++) {
    const leaf = order[k] as number;
    const position = size - 1 - k;
    positions[leaf] = position;
    for (let word = 0; word < 8; word++) target[position * 8 + word] = source[leaf * 8 + word] as number;
  }
  hashInnerNodes(nodes, progress);
  return { tree: { shape: "heap", count, nodes }, positions };
}

/** Fills every inner node from the leaves upward. */
export function hashInnerNodes(nodes: Uint8Array, progress: Progress = noProgress): void {
  const inner = (nodes.length / 32 - 1) / 2;
  // Neighbouring parents have neighbouring children: [2a+1, 2b+1) for [a, b), as long as no child is in [a, b) itself.
  for (let end = inner; end > 0;) {
    const start = Math.max(end - CHUNK, end >> 1);
    hashPairs(nodes.subarray((2 * start + 1) * 32, (2 * end + 1) * 32), nodes.subarray(start * 32, end * 32));
    end = start;
    progress.update("hashing nodes", inner - end, inner);
  }
}
