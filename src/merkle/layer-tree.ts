// The older shape: leaves as they come, one layer of pairs after another, the odd node of a layer moves up unhashed.
import { invariant } from "../shared/errors.js";
import { hashPairs } from "./keccak/keccak.js";
import { nodeCount, type MerkleTree } from "./tree.js";

/** Builds the tree of `leaves` (32 bytes each, at least one) in the order given; leaf k stands at position k. */
export function buildLayerTree(leaves: Uint8Array): MerkleTree {
  const count = leaves.length / 32;
  invariant(count >= 1 && Number.isInteger(count), "a tree needs leaves of 32 bytes");
  const nodes = new Uint8Array(nodeCount("layers", count) * 32);
  nodes.set(leaves);
  let start = 0;
  for (let size = count; size > 1; size = Math.ceil(size / 2)) {
    const above = start + size;
    const pairs = size >> 1;
    hashPairs(nodes.subarray(start * 32, (start + 2 * pairs) * 32), nodes.subarray(above * 32, (above + pairs) * 32));
    if (size % 2 === 1) nodes.copyWithin((above + pairs) * 32, (above - 1) * 32, above * 32);
    start = above;
  }
  return { shape: "layers", count, nodes };
}
