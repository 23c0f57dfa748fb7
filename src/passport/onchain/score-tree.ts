// The tree over a scorer's scores, as the registry proves them: leaves as in score-leaf.ts, OpenZeppelin's standard shape. Flat
// buffers, because a million objects would cost more than the hashing.
import { checksumAddress } from "../../merkle/address.js";
import { buildHeapTree } from "../../merkle/heap-tree.js";
import { fromHex, hex } from "../../merkle/hex.js";
import { BATCH, messageBatch } from "../../merkle/keccak/keccak.js";
import { proofOf, rootOf, type MerkleTree } from "../../merkle/tree.js";
import { wordsOf } from "../../merkle/words.js";
import { DomainError, invariant } from "../../shared/errors.js";

export type ScoreTreeErrorCode =
  /** A score, an expiry or an account that no leaf can hold. */
  | "scoring/bad-leaf"
  /** A score above the chain's 32 bits. */
  | "scoring/score-too-large"
  /** An account stands twice among the scores of a tree. */
  | "scoring/duplicate-account"
  /** A tree of nobody. */
  | "scoring/empty-tree";

const ACCOUNT = 20;
/** Account, score, expiry, position in the tree; big-endian, ordered by account. */
const LEAF_BYTES = 36;
const WORD = 32;
const MAX_SCORE = 0xffff_ffff;
const MAX_EXPIRY = 2n ** 64n - 1n;

/** A person's score. Whoever lost one stays in the tree with score 0, so that the drop can be brought in. */
export interface ScoreEntry {
  /** Hex. */
  readonly account: string;
  /** In units of 1e-4, a `uint32`. */
  readonly score: number;
  /** Seconds since the epoch, a `uint64`. */
  readonly expiresAt: number | bigint;
}

/** A leaf that was read from a tree. */
export interface TreeScore extends ScoreEntry {
  /** In lower case. */
  readonly account: string;
  readonly expiresAt: bigint;
}

/** A tree with its leaves, as it is stored. */
export interface ScoreTree {
  readonly count: number;
  readonly root: string;
  /** 36 bytes each: account, score, expiry, position among the nodes; ordered by account. */
  readonly leaves: Uint8Array;
  readonly nodes: Uint8Array;
}

/**
 * Builds the tree of a scorer's scores, whatever their order and the spelling of their accounts. Throws `scoring/empty-tree`
 * without entries, `scoring/duplicate-account` for an account that stands there twice (the registry would take whichever of its
 * leaves came first), and what {@link ScoreTreeBuilder} throws.
 */
export function buildScoreTree(scorerId: bigint, entries: readonly ScoreEntry[]): ScoreTree {
  if (entries.length === 0)
    throw new DomainError<ScoreTreeErrorCode>("scoring/empty-tree", "there are no scores to anchor");
  const accounts = entries.map(({ account }) => account.toLowerCase());
  const order = Array.from(accounts.keys()).sort((a, b) => {
    const [left, right] = [accounts[a] as string, accounts[b] as string];
    return left < right ? -1 : left > right ? 1 : a - b;
  });
  const builder = new ScoreTreeBuilder();
  order.forEach((row, place) => {
    const [account, earlier] = [accounts[row] as string, order[place - 1]];
    if (earlier !== undefined && accounts[earlier] === account) throw twice(account, [earlier, row]);
    builder.add({ ...(entries[row] as ScoreEntry), account });
  });
  return builder.build(scorerId);
}

/** Collects leaves in the order of their accounts, which are in lower case, each once. */
export class ScoreTreeBuilder {
  #leaves = new Uint8Array(1024 * LEAF_BYTES);
  #count = 0;
  #last = "";

  get count(): number {
    return this.#count;
  }

  /** Throws `scoring/score-too-large` and `scoring/bad-leaf`: what does not fit its field is refused, never cut. */
  add({ account, score, expiresAt }: ScoreEntry): void {
    const bytes = fromHex(account, ACCOUNT);
    if (bytes === undefined) throw badLeaf(`${account} is not an address`, { account });
    invariant(account > this.#last, "leaves come in the order of their accounts, each once");
    if (score > MAX_SCORE) {
      throw new DomainError<ScoreTreeErrorCode>(
        "scoring/score-too-large",
        `a score of ${score} does not fit the chain's 32 bits`,
      );
    }
    if (!Number.isInteger(score) || score < 0) {
      throw badLeaf(`the score of ${account} is ${score}, which no leaf can hold`, { account, score });
    }
    const expiry = typeof expiresAt === "bigint" || Number.isSafeInteger(expiresAt) ? BigInt(expiresAt) : -1n;
    if (expiry < 0n || expiry > MAX_EXPIRY) {
      throw badLeaf(`the expiry of ${account} is ${expiresAt}, which no leaf can hold`, { account, expiresAt });
    }
    if ((this.#count + 1) * LEAF_BYTES > this.#leaves.length) {
      const grown = new Uint8Array(2 * this.#leaves.length);
      grown.set(this.#leaves);
      this.#leaves = grown;
    }
    const at = this.#count * LEAF_BYTES;
    this.#leaves.set(bytes, at);
    const view = new DataView(this.#leaves.buffer);
    view.setUint32(at + ACCOUNT, score);
    view.setBigUint64(at + ACCOUNT + 4, expiry);
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
  const scorer = fromHex(`0x${registryId.toString(16).padStart(64, "0")}`, WORD);
  if (scorer === undefined) throw badLeaf(`${registryId} is no scorer's id`, { scorerId: registryId });
  // Each field of a leaf is whole 32-bit words, and ends a word of the message: nothing has to be shifted or swapped.
  const source = wordsOf(leaves);
  const step = encoded.step / 4;
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    encoded.start();
    for (let index = 0; index < size; index++) {
      const [to, from] = [index * step, ((start + index) * LEAF_BYTES) / 4];
      encoded.messages.set(scorer, index * encoded.step);
      for (let word = 0; word < 5; word++) encoded.words[to + 11 + word] = source[from + word] as number;
      encoded.words[to + 23] = source[from + 5] as number;
      encoded.words[to + 30] = source[from + 6] as number;
      encoded.words[to + 31] = source[from + 7] as number;
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
    account: hex(leaves, at, at + ACCOUNT),
    score: view.getUint32(at + ACCOUNT),
    expiresAt: view.getBigUint64(at + ACCOUNT + 4),
  };
}

/** An account's leaf and its proof, the account in any case; undefined when the tree has none. */
export function proveScore(tree: ScoreTree, account: string): (TreeScore & { proof: string[] }) | undefined {
  const wanted = account.toLowerCase();
  let [low, high] = [0, tree.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scoreAt(tree.leaves, middle).account < wanted) low = middle + 1;
    else high = middle;
  }
  if (low === tree.count) return undefined;
  const score = scoreAt(tree.leaves, low);
  if (score.account !== wanted) return undefined;
  const view = new DataView(tree.leaves.buffer, tree.leaves.byteOffset, tree.leaves.byteLength);
  const position = view.getUint32(low * LEAF_BYTES + ACCOUNT + 12);
  const merkle: MerkleTree = { shape: "heap", count: tree.count, nodes: tree.nodes as Uint8Array<ArrayBuffer> };
  return { ...score, proof: proofOf(merkle, position) };
}

const badLeaf = (message: string, details: Readonly<Record<string, unknown>>) =>
  new DomainError<ScoreTreeErrorCode>("scoring/bad-leaf", message, details);

function twice(lowerCase: string, rows: readonly [earlier: number, later: number]): DomainError {
  const account = checksumAddress(Buffer.from(lowerCase.slice(2), "hex"));
  const message = `${account} has two scores, in rows ${rows.join(" and ")}`;
  return new DomainError<ScoreTreeErrorCode>("scoring/duplicate-account", message, { account, rows });
}
