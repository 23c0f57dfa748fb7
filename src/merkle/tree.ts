import { hex } from "./hex.js";

/** A Merkle tree with sorted pairs, as flat nodes of 32 bytes. Positions are those of leaves within `nodes`. */
export interface MerkleTree {
  /** `heap`: root first, children of node i at 2i+1 and 2i+2. `layers`: leaves first, then one layer after another. */
  readonly shape: "heap" | "layers";
  /** How many leaves. */
  readonly count: number;
  readonly nodes: Uint8Array<ArrayBuffer>;
}

export function rootOf(tree: MerkleTree): string {
  const root = tree.shape === "heap" ? 0 : tree.nodes.length / 32 - 1;
  return nodeOf(tree, root);
}

export const nodeOf = (tree: MerkleTree, position: number): string =>
  hex(tree.nodes, position * 32, (position + 1) * 32);

/** The proof of the leaf at `position`, leaf to root, as 0x-prefixed words. */
export function proofOf(tree: MerkleTree, position: number): string[] {
  return (tree.shape === "heap" ? heapPath(position) : layerPath(tree.count, position)).map((node) =>
    nodeOf(tree, node),
  );
}

function heapPath(position: number): number[] {
  const path: number[] = [];
  for (let node = position; node > 0; node = (node - 1) >> 1) path.push(node % 2 === 1 ? node + 1 : node - 1);
  return path;
}

function layerPath(count: number, position: number): number[] {
  const path: number[] = [];
  let [start, size, index] = [0, count, position];
  while (size > 1) {
    const sibling = index ^ 1;
    if (sibling < size) path.push(start + sibling); // the odd node of a layer has none: it moves up as it is
    start += size;
    size = Math.ceil(size / 2);
    index >>= 1;
  }
  return path;
}

/** How many nodes a tree of `count` leaves has. */
export function nodeCount(shape: MerkleTree["shape"], count: number): number {
  if (shape === "heap") return 2 * count - 1;
  let nodes = count;
  for (let size = count; size > 1; size = Math.ceil(size / 2)) nodes += Math.ceil(size / 2);
  return nodes;
}

/** The length of the longest proof. */
export const depthOf = (count: number): number => Math.ceil(Math.log2(count));
