// The stake distribution's Merkle tree: Blake2b-256, leaves in the registration's order, a heap whose missing children count
// as H(0x00). Leaves and nodes are not told apart; a leaf's preimage has 104 bytes and a node's 64.
import { blake2b256 } from "./blake2b.js";
import { concat, equalBytes } from "./bytes.js";
import { StmError } from "./errors.js";

/** Siblings that connect several leaves with the root. `indices` are leaf numbers, strictly ascending. */
export interface BatchPath {
  readonly values: readonly Uint8Array[];
  readonly indices: readonly number[];
}

/** What a child position outside the tree counts as. */
const MISSING = blake2b256(Uint8Array.of(0));
const node = (left: Uint8Array, right: Uint8Array): Uint8Array => blake2b256(concat(left, right));
const parent = (position: number): number => (position - 1) >> 1;
const sibling = (position: number): number => (position % 2 === 1 ? position + 1 : position - 1);

function shape(leaves: number): { size: number; first: number } {
  let width = 1;
  while (width < leaves) width *= 2;
  return { size: leaves + width - 1, first: width - 1 };
}

export class MerkleTree {
  readonly leaves: number;
  readonly #nodes: Uint8Array[];
  readonly #first: number;

  /** A tree over at least one leaf hash of 32 bytes. */
  constructor(leafHashes: readonly Uint8Array[]) {
    if (leafHashes.length === 0) throw new RangeError("a tree needs a leaf");
    const { size, first } = shape(leafHashes.length);
    this.leaves = leafHashes.length;
    this.#first = first;
    this.#nodes = new Array<Uint8Array>(size);
    leafHashes.forEach((hash, i) => (this.#nodes[first + i] = hash));
    const at = (position: number): Uint8Array => this.#nodes[position] ?? MISSING;
    for (let i = first - 1; i >= 0; i--) this.#nodes[i] = node(at(2 * i + 1), at(2 * i + 2));
  }

  get root(): Uint8Array {
    return this.#nodes[0] as Uint8Array;
  }

  /** All nodes from the root down, as the native byte form lists them. */
  get nodes(): readonly Uint8Array[] {
    return this.#nodes;
  }

  /** The path of leaves given by strictly ascending numbers (`stm/bad-path` otherwise). */
  prove(indices: readonly number[]): BatchPath {
    checkIndices(indices, this.leaves);
    const values: Uint8Array[] = [];
    let positions = indices.map((index) => index + this.#first);
    while ((positions[0] ?? 0) > 0) {
      const parents: number[] = [];
      for (let i = 0; i < positions.length; i++) {
        const position = positions[i] as number;
        const other = sibling(position);
        if (positions[i + 1] === other) i += 1;
        else if (other < this.#nodes.length) values.push(this.#nodes[other] as Uint8Array);
        parents.push(parent(position));
      }
      positions = parents;
    }
    return { values, indices: [...indices] };
  }
}

function checkIndices(indices: readonly number[], leaves: number): void {
  if (indices.length === 0) throw new StmError("stm/bad-path", "the path names no leaf");
  indices.forEach((index, i) => {
    if (!Number.isInteger(index) || index < 0 || index >= leaves) {
      throw new StmError("stm/bad-path", `the path names leaf ${index} of a tree of ${leaves}`);
    }
    if (i > 0 && index <= (indices[i - 1] as number)) {
      throw new StmError("stm/bad-path", `the path's leaves do not ascend at ${index}`);
    }
  });
}

/**
 * Checks that `leafHashes` stand at `path.indices` of the tree with this root and number of leaves. Stricter than the native
 * verifier, which allows repeated leaves and left-over values: throws `stm/bad-path` for both.
 */
export function verifyBatchPath(
  tree: { readonly root: Uint8Array; readonly leaves: number },
  leafHashes: readonly Uint8Array[],
  path: BatchPath,
): void {
  checkIndices(path.indices, tree.leaves);
  if (leafHashes.length !== path.indices.length) {
    throw new StmError("stm/bad-path", `${leafHashes.length} leaves for a path of ${path.indices.length}`);
  }
  const { size, first } = shape(tree.leaves);
  const rest = path.values[Symbol.iterator]();
  const next = (): Uint8Array => {
    const { value } = rest.next() as { value: Uint8Array | undefined };
    if (value === undefined) throw new StmError("stm/bad-path", "the path has too few values");
    return value;
  };
  let positions = path.indices.map((index) => index + first);
  let hashes = [...leafHashes];
  while ((positions[0] as number) > 0) {
    const parents: number[] = [];
    const above: Uint8Array[] = [];
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i] as number;
      const hash = hashes[i] as Uint8Array;
      const other = sibling(position);
      if (position % 2 === 0) above.push(node(next(), hash));
      else if (positions[i + 1] === other) above.push(node(hash, hashes[(i += 1)] as Uint8Array));
      else above.push(node(hash, other < size ? next() : MISSING));
      parents.push(parent(position));
    }
    positions = parents;
    hashes = above;
  }
  if (rest.next().done !== true) throw new StmError("stm/bad-path", "the path has values left over");
  if (!equalBytes(hashes[0] as Uint8Array, tree.root)) {
    throw new StmError(
      "stm/bad-path",
      "the path does not lead to the root: a key or stake is not of this registration",
    );
  }
}
