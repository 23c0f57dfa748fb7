// The tree of the original distribution's generator: leaves in file order, an odd node moves up unhashed, sorted pairs.
// Built with the libraries that it was built with, for what is compatible with them by construction.
import keccak256 from "keccak256";
import { MerkleTree as GeneratorTree } from "merkletreejs";

import { MerkleError } from "./errors.js";
import { fromHex, hex } from "./hex.js";
import type { MerkleTree } from "./tree.js";
import { nodeCount } from "./tree.js";

/** Builds the tree of `leaves` (32 bytes each) in the order given; leaf k stands at position k. */
export function buildGtcTree(leaves: Uint8Array): MerkleTree {
  const count = leaves.length / 32;
  const words = Array.from({ length: count }, (_, k) => Buffer.from(leaves.subarray(k * 32, (k + 1) * 32)));
  const layers = new GeneratorTree(words, keccak256, { sortPairs: true }).getLayers();
  const nodes = new Uint8Array(nodeCount("layers", count) * 32);
  let at = 0;
  for (const node of layers.flat()) {
    nodes.set(node, at);
    at += 32;
  }
  return { shape: "layers", count, nodes };
}
