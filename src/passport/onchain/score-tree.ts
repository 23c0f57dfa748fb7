// The tree over a scorer's scores, as the registry proves them: leaves as in score-leaf.ts, OpenZeppelin's standard shape. Flat
// buffers, because a million objects would cost more than the hashing.
import { DomainError, invariant } from "../../shared/errors.js";
import { buildHeapTree } from "../../merkle/heap-tree.js";
import { BATCH, messageBatch } from "../../merkle/keccak/keccak.js";
import { proofOf, rootOf, type MerkleTree } from "../../merkle/tree.js";

const ACCOUNT = 20;
/** Account, score, expiry, position in the tree; big-endian, ordered by account. */
export const LEAF_BYTES = 36;
const WORD = 32;
const MAX_SCORE = 0xffff_ffff;

export interface TreeScore {
  /** Lower-case address. */
  readonly account: string;
  /** In units of 1e-4; 0 for somebody who lost the score. */
  readonly score: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** A tree with its leaves, as it is stored. */
export interface ScoreTree {
  readonly count: number;
  readonly root: string;
  /** {@link LEAF_BYTES} each. */
  readonly leaves: Uint8Array;
  readonly nodes: Uint8Array;
}

/** Collects leaves in the order of their accounts; an account twice, out of order, or a score of 33 bits is refused. */
export class ScoreTreeBuilder {
  #leaves = new Uint8Array(1024 * LEAF_BYTES);
  #count = 0;
  #last = "";

  get count(): number {
    return this.#count;
  }

  add({ account, score, expiresAt }: TreeScore): void {
    invariant(account > this.#last, "leaves come in the order of their accounts, each once");
    if (!Number.isInteger(score) || score < 0 || score > MAX_SCORE) {
      throw new DomainError("scoring/score-too-large", `a score of ${score} does not fit the chain's 32 bits`);
    }
    if ((this.#count + 1) * LEAF_BYTES > this.#leaves.length) {
      const grown = new Uint8Array(2 * this.#leaves.length);
      grown.set(this.#leaves);
      this.#leaves = grown;
    }
    const at = this.#count * LEAF_BYTES;
    this.#leaves.set(Buffer.from(account.slice(2), "hex"), at);
    const view = new DataView(this.#leaves.buffer);
    view.setUint32(at + ACCOUNT, score);
    view.setBigUint64(at + ACCOUNT + 4, BigInt(expiresAt));
    this.#count += 1;
    this.#last = account;
  }

  /** Hashes the tree for a scorer of the registry. At least one leaf must be there. */
  build(registryId: bigint): ScoreTree {
    const leaves = this.#leaves.slice(0, this.#count * LEAF_BYTES);
    const { tree, positions } = buildHeapTree(hashLeaves(leaves, registryId));
    const view = new DataView(leaves.buffer);
    positions.forEach((position, index) => view.setUint32(index * LEAF_BYTES + ACCOUNT + 12, position));
    return { count: this.#count, root: rootOf(tree), leaves, nodes: tree.nodes };
  }
}

const encoded = messageBatch(4 * WORD);

function hashLeaves(leaves: Uint8Array, registryId: bigint): Uint8Array<ArrayBuffer> {
  const count = leaves.length / LEAF_BYTES;
  const hashes = new Uint8Array(count * WORD);
  const scorer = Buffer.from(registryId.toString(16).padStart(64, "0"), "hex");
  invariant(scorer.length === WORD, "a scorer's id has 256 bits");
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    encoded.start();
    for (let index = 0; index < size; index++) {
      const [to, from] = [index * encoded.step, (start + index) * LEAF_BYTES];
      encoded.messages.set(scorer, to);
      encoded.messages.set(leaves.subarray(from, from + ACCOUNT), to + WORD + 12);
      encoded.messages.set(leaves.subarray(from + ACCOUNT, from + ACCOUNT + 4), to + 2 * WORD + 28);
      encoded.messages.set(leaves.subarray(from + ACCOUNT + 4, from + ACCOUNT + 12), to + 3 * WORD + 24);
    }
    hashes.set(encoded.hashTwice(size), start * WORD);
  }
  return hashes;
}

/** The leaves of a stored tree, by account. */
export function* scoresOfTree({ count, leaves }: Pick<ScoreTree, "count" | "leaves">): Generator<TreeScore> {
  for (let index = 0; index < count; index++) yield scoreAt(leaves, index);
}

function scoreAt(leaves: Uint8Array, index: number): TreeScore {
  const at = index * LEAF_BYTES;
  const view = new DataView(leaves.buffer, leaves.byteOffset, leaves.byteLength);
  return {
    account: `0x${Buffer.from(leaves.buffer, leaves.byteOffset + at, ACCOUNT).toString("hex")}`,
    score: view.getUint32(at + ACCOUNT),
    expiresAt: Number(view.getBigUint64(at + ACCOUNT + 4)),
  };
}

/** An account's leaf and its proof; undefined when the tree has none. */
export function proveScore(tree: ScoreTree, account: string): (TreeScore & { proof: string[] }) | undefined {
  let [low, high] = [0, tree.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scoreAt(tree.leaves, middle).account < account) low = middle + 1;
    else high = middle;
  }
  if (low === tree.count) return undefined;
  const score = scoreAt(tree.leaves, low);
  if (score.account !== account) return undefined;
  const view = new DataView(tree.leaves.buffer, tree.leaves.byteOffset, tree.leaves.byteLength);
  const position = view.getUint32(low * LEAF_BYTES + ACCOUNT + 12);
  const merkle: MerkleTree = { shape: "heap", count: tree.count, nodes: tree.nodes as Uint8Array<ArrayBuffer> };
  return { ...score, proof: proofOf(merkle, position) };
}
