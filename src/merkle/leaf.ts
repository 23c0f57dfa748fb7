// Leaves, as the distributor computes them:
//   unbound  keccak256(keccak256(abi.encode(uint32 userId, uint256 amount)))
//   bound    keccak256(keccak256(abi.encode(uint32 userId, uint256 amount, address account)))
// The hash is taken twice so that no leaf's preimage has the size of an inner node's.
import { noProgress, type Progress } from "../shared/progress.js";
import type { Allocation } from "./allocation.js";
import { addressBytes } from "./address.js";
import { hex } from "./hex.js";
import { BATCH, messageBatch, type MessageBatch } from "./keccak/keccak.js";
import { allocateRows, isBound, setAmount, type Rows } from "./rows.js";
import { swapBytes, wordsOf } from "./words.js";

const WORD = 32;
const unbound = messageBatch(2 * WORD);
const bound = messageBatch(3 * WORD);

/** All leaves in the rows' order, 32 bytes each. */
export function leafHashes(rows: Rows, progress: Progress = noProgress): Uint8Array<ArrayBuffer> {
  const leaves = new Uint8Array(rows.count * WORD);
  // One kind at a time: messages of a batch have one length.
  const boundRows = hashKind(rows, true, leaves, progress, 0);
  hashKind(rows, false, leaves, progress, boundRows);
  return leaves;
}

/** Hashes the rows of one kind; returns how many there are. `before` is how many were hashed already. */
function hashKind(rows: Rows, isOfBound: boolean, leaves: Uint8Array, progress: Progress, before: number): number {
  if (isOfBound && rows.accounts === null) return 0;
  const batch = isOfBound ? bound : unbound;
  const encode = encoder(rows, batch, isOfBound);
  const members = new Uint32Array(BATCH);
  let [waiting, done] = [0, 0];
  const flush = () => {
    scatter(batch.hashTwice(waiting), members.subarray(0, waiting), leaves);
    done += waiting;
    waiting = 0;
    progress.update("hashing leaves", before + done, rows.count);
  };
  for (let row = 0; row < rows.count; row++) {
    if (rows.accounts !== null && isBound(rows, row) !== isOfBound) continue;
    if (waiting === 0) batch.start();
    encode(row, waiting);
    members[waiting++] = row;
    if (waiting === BATCH) flush();
  }
  if (waiting > 0) flush();
  return done;
}

/** Puts the hashes of these rows where they belong; mostly the rows are neighbours. */
function scatter(hashes: Uint8Array, members: Uint32Array, leaves: Uint8Array): void {
  const first = members[0] as number;
  if ((members.at(-1) as number) - first === members.length - 1) {
    leaves.set(hashes, first * WORD);
    return;
  }
  const [source, target] = [wordsOf(hashes), wordsOf(leaves)];
  for (let k = 0; k < members.length; k++) {
    const at = (members[k] as number) * 8;
    for (let word = 0; word < 8; word++) target[at + word] = source[k * 8 + word] as number;
  }
}

/** Writes `abi.encode` of a row into the batch's message of that number; its other bytes are zero. */
function encoder({ ids, amounts, accounts }: Rows, batch: MessageBatch, withAccount: boolean) {
  const target = batch.words;
  const step = batch.step / 4;
  const amountWords = wordsOf(amounts);
  const accountWords = wordsOf(accounts ?? new Uint8Array(0));
  return (row: number, message: number) => {
    const at = message * step;
    target[at + 7] = swapBytes(ids[row] as number);
    for (let word = 0; word < 3; word++) target[at + 13 + word] = amountWords[row * 3 + word] as number;
    if (!withAccount) return;
    for (let word = 0; word < 5; word++) target[at + 19 + word] = accountWords[row * 5 + word] as number;
  };
}

/** The leaf of one allocation, as a 0x-prefixed word: bound if it has an account. */
export function leafOf({ userId, amount, account }: Allocation): string {
  const rows = allocateRows(1, account !== null);
  rows.ids[0] = userId;
  setAmount(rows, 0, amount);
  if (account !== null) rows.accounts?.set(addressBytes(account));
  return hex(leafHashes(rows));
}
