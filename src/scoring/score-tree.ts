// The tree of a scorer's scores, as it is anchored: leaves as in src/passport/onchain/score-leaf.ts, the shape of
// OpenZeppelin's `standard-v1`. Everything is a flat buffer: a million scores take 150 MB, nodes included.
import { DomainError } from "../shared/errors.js";
import { noProgress, type Progress } from "../shared/progress.js";
import { checksumAddress } from "../merkle/address.js";
import { fromHex } from "../merkle/hex.js";
import { buildHeapTree } from "../merkle/heap-tree.js";
import { BATCH, messageBatch } from "../merkle/keccak/keccak.js";
import { sortWords } from "../merkle/sort-words.js";
import { proofOf, rootOf } from "../merkle/tree.js";
import { swapBytes, wordsOf } from "../merkle/words.js";

export type ScoreTreeErrorCode =
  /** A score, an expiry or an account that no leaf can hold. */
  | "scoring/bad-leaf"
  /** An account stands twice among the scores of a tree. */
  | "scoring/duplicate-account"
  /** A tree of nobody. */
  | "scoring/empty-tree";

const ACCOUNT_BYTES = 20;
const MAX_SCORE = 2 ** 32 - 1;
const MAX_EXPIRY = 2n ** 64n - 1n;

/** A person's score. Whoever lost one stays in the tree with score 0, so that the drop can be brought in. */
export interface ScoreEntry {
  /** Hex, in any case. */
  readonly account: string;
  /** In units of 1e-4, a `uint32`. */
  readonly score: number;
  /** Seconds since the epoch, a `uint64`. */
  readonly expiresAt: number | bigint;
}

/** The same, column by column, for trees whose entries should never be objects. */
export interface ScoreRows {
  readonly count: number;
  /** 20 bytes each. */
  readonly accounts: Uint8Array<ArrayBuffer>;
  readonly scores: Uint32Array<ArrayBuffer>;
  readonly expiries: BigUint64Array<ArrayBuffer>;
}

/** A leaf with its way to the root: what `submitScore` takes. */
export interface ScoreProof {
  /** In EIP-55 form. */
  readonly account: string;
  readonly score: number;
  readonly expiresAt: bigint;
  readonly proof: readonly string[];
}

export interface ScoreTree {
  readonly scorerId: bigint;
  /** 32 bytes, hex. */
  readonly root: string;
  readonly count: number;
  /** The leaf of an account and its proof; `undefined` for an account that is not in the tree. */
  proofOf(account: string): ScoreProof | undefined;
  /** The leaf of the row that was given at this place, and its proof. */
  proofAt(row: number): ScoreProof;
}

export function allocateScoreRows(count: number): ScoreRows {
  return {
    count,
    accounts: new Uint8Array(count * ACCOUNT_BYTES),
    scores: new Uint32Array(count),
    expiries: new BigUint64Array(count),
  };
}

/** Puts an entry into its row. A number that does not fit its field is refused (`scoring/bad-leaf`), never cut. */
export function setScoreRow(rows: ScoreRows, row: number, { account, score, expiresAt }: ScoreEntry): void {
  const bytes = fromHex(account, ACCOUNT_BYTES);
  if (bytes === undefined) throw badLeaf(`${account} is not an address`, { account });
  if (!Number.isInteger(score) || score < 0 || score > MAX_SCORE) {
    throw badLeaf(`the score of ${account} is ${score}, which no leaf can hold`, { account, score });
  }
  const expiry = typeof expiresAt === "bigint" || Number.isSafeInteger(expiresAt) ? BigInt(expiresAt) : -1n;
  if (expiry < 0n || expiry > MAX_EXPIRY) {
    throw badLeaf(`the expiry of ${account} is ${expiresAt}, which no leaf can hold`, { account, expiresAt });
  }
  rows.accounts.set(bytes, row * ACCOUNT_BYTES);
  rows.scores[row] = score;
  rows.expiries[row] = expiry;
}

/** Builds the tree of a scorer's scores; `buildScoreTreeOfRows` after `setScoreRow` for each. */
export function buildScoreTree(scorerId: bigint, entries: readonly ScoreEntry[], progress?: Progress): ScoreTree {
  const rows = allocateScoreRows(entries.length);
  entries.forEach((entry, row) => setScoreRow(rows, row, entry));
  return buildScoreTreeOfRows(scorerId, rows, progress);
}

/**
 * Builds the tree of a scorer's scores. Throws `scoring/empty-tree` without entries, and `scoring/duplicate-account` for an
 * account that stands there twice: the registry would take whichever of its leaves came first.
 */
export function buildScoreTreeOfRows(scorerId: bigint, rows: ScoreRows, progress: Progress = noProgress): ScoreTree {
  if (rows.count === 0)
    throw new DomainError<ScoreTreeErrorCode>("scoring/empty-tree", "there are no scores to anchor");
  const order = accountOrder(rows);
  const { tree, positions } = buildHeapTree(scoreLeafHashes(scorerId, rows, progress), progress);
  const proofAt = (row: number): ScoreProof => {
    if (!(row >= 0 && row < rows.count)) throw new RangeError(`there is no row ${row}`);
    return {
      account: checksumAddress(accountAt(rows, row)),
      score: rows.scores[row] as number,
      expiresAt: rows.expiries[row] as bigint,
      proof: proofOf(tree, positions[row] as number),
    };
  };
  return {
    scorerId,
    root: rootOf(tree),
    count: rows.count,
    proofAt,
    proofOf(account) {
      const bytes = fromHex(account, ACCOUNT_BYTES);
      const row = bytes === undefined ? undefined : findRow(rows, order, bytes);
      return row === undefined ? undefined : proofAt(row);
    },
  };
}

/** All leaves in the rows' order, 32 bytes each. */
export function scoreLeafHashes(
  scorerId: bigint,
  rows: ScoreRows,
  progress: Progress = noProgress,
): Uint8Array<ArrayBuffer> {
  const leaves = new Uint8Array(rows.count * 32);
  const scorer = fromHex(`0x${scorerId.toString(16).padStart(64, "0")}`, 32);
  if (scorer === undefined) throw badLeaf(`${scorerId} is no scorer's id`, { scorerId });
  const batch = messageBatch(4 * 32);
  const step = batch.step / 4;
  for (let done = 0; done < rows.count; done += BATCH) {
    const now = Math.min(BATCH, rows.count - done);
    batch.start();
    for (let message = 0; message < now; message++) {
      const [row, at] = [done + message, message * batch.step];
      batch.messages.set(scorer, at);
      batch.messages.set(accountAt(rows, row), at + 32 + 12);
      const expiry = rows.expiries[row] as bigint;
      batch.words[message * step + 23] = swapBytes(rows.scores[row] as number);
      batch.words[message * step + 30] = swapBytes(Number(expiry >> 32n));
      batch.words[message * step + 31] = swapBytes(Number(expiry & 0xffff_ffffn));
    }
    leaves.set(batch.hashTwice(now), done * 32);
    progress.update("hashing leaves", done + now, rows.count);
  }
  return leaves;
}

const accountAt = ({ accounts }: ScoreRows, row: number): Uint8Array =>
  accounts.subarray(row * ACCOUNT_BYTES, (row + 1) * ACCOUNT_BYTES);

/** The rows by account, ascending; refuses an account that stands there twice. */
function accountOrder(rows: ScoreRows): Uint32Array {
  const padded = new Uint8Array(rows.count * 32);
  const [source, target] = [wordsOf(rows.accounts), wordsOf(padded)];
  for (let row = 0; row < rows.count; row++) {
    for (let word = 0; word < 5; word++) target[row * 8 + word] = source[row * 5 + word] as number;
  }
  const order = sortWords(padded);
  for (let k = 1; k < rows.count; k++) {
    const [earlier, later] = [order[k - 1] as number, order[k] as number];
    if (Buffer.compare(accountAt(rows, earlier), accountAt(rows, later)) !== 0) continue;
    const account = checksumAddress(accountAt(rows, later));
    throw new DomainError<ScoreTreeErrorCode>(
      "scoring/duplicate-account",
      `${account} has two scores, in rows ${earlier} and ${later}`,
      { account, rows: [earlier, later] },
    );
  }
  return order;
}

/** Bisection over the order of accounts. */
function findRow(rows: ScoreRows, order: Uint32Array, account: Uint8Array): number | undefined {
  let [low, high] = [0, rows.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const side = Buffer.compare(accountAt(rows, order[middle] as number), account);
    if (side === 0) return order[middle] as number;
    if (side < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

const badLeaf = (message: string, details: Readonly<Record<string, unknown>>) =>
  new DomainError<ScoreTreeErrorCode>("scoring/bad-leaf", message, details);
