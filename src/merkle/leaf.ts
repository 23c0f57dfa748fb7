// Leaves, as the distributor computes them:
//   unbound  keccak256(keccak256(abi.encode(uint32 userId, uint256 amount)))
//   bound    keccak256(keccak256(abi.encode(uint32 userId, uint256 amount, address account)))
// The hash is taken twice so that no leaf's preimage has the size of an inner node's.
import { noProgress, type Progress } from "../shared/progress.js";
import type { Allocation } from "./allocation.js";
import { addressBytes } from "./address.js";
import { hex } from "./hex.js";
import { BATCH, messageBatch } from "./keccak/keccak.js";
import { ACCOUNT_BYTES, allocateRows, AMOUNT_BYTES, isBound, setAmount, type Rows } from "./rows.js";

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

function hashKind(rows: Rows, isOfBound: boolean, leaves: Uint8Array, progress: Progress, before: number): number {
  if (isOfBound && rows.accounts === null) return 0;
  const batch = isOfBound ? bound : unbound;
  const members = new Uint32Array(BATCH);
  let [waiting, done] = [0, 0];
  const flush = () => {
    const hashes = batch.hashTwice(waiting);
    for (let k = 0; k < waiting; k++) {
      const target = (members[k] as number) * WORD;
      for (let byte = 0; byte < WORD; byte++) leaves[target + byte] = hashes[k * WORD + byte] as number;
    }
    done += waiting;
    waiting = 0;
    progress.update("hashing leaves", before + done, rows.count);
  };
  for (let row = 0; row < rows.count; row++) {
    if (isBound(rows, row) !== isOfBound) continue;
    if (waiting === 0) batch.start();
    encode(rows, row, batch.messages, waiting * batch.step, isOfBound);
    members[waiting++] = row;
    if (waiting === BATCH) flush();
  }
  if (waiting > 0) flush();
  return done;
}

/** `abi.encode` of one row into a zeroed message. */
function encode(rows: Rows, row: number, message: Uint8Array, at: number, withAccount: boolean): void {
  const id = rows.ids[row] as number;
  message[at + 28] = id >>> 24;
  message[at + 29] = id >>> 16;
  message[at + 30] = id >>> 8;
  message[at + 31] = id;
  const amount = at + 2 * WORD - AMOUNT_BYTES;
  for (let byte = 0; byte < AMOUNT_BYTES; byte++) {
    message[amount + byte] = rows.amounts[row * AMOUNT_BYTES + byte] as number;
  }
  if (!withAccount || rows.accounts === null) return;
  const account = at + 3 * WORD - ACCOUNT_BYTES;
  for (let byte = 0; byte < ACCOUNT_BYTES; byte++) {
    message[account + byte] = rows.accounts[row * ACCOUNT_BYTES + byte] as number;
  }
}

/** The leaf of one allocation, as a 0x-prefixed word: bound if it has an account. */
export function leafOf({ userId, amount, account }: Allocation): string {
  const rows = allocateRows(1, account !== null);
  rows.ids[0] = userId;
  setAmount(rows, 0, amount);
  if (account !== null) rows.accounts?.set(addressBytes(account));
  return hex(leafHashes(rows));
}
