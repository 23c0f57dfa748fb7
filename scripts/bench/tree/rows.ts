import { closeSync, openSync, writeSync } from "node:fs";

import { allocateRows, setAmount, type Rows } from "../../../src/merkle/rows.js";

/** Amounts with all their digits, as real lists have them; the sum of ten million stays below 2^96. */
const amountOfUser = (userId: number): bigint => 1_000_000_000_000_000_000n + BigInt(userId) * 123_456_789_012n;

/** `count` parsed rows without addresses: ids from 1. */
export function makeRows(count: number): Rows {
  const rows = allocateRows(count, false);
  for (let row = 0; row < count; row++) {
    rows.ids[row] = row + 1;
    setAmount(rows, row, amountOfUser(row + 1));
  }
  return rows;
}

/** The same rows as the libraries take them. */
export const makeValues = (count: number): [bigint, bigint][] =>
  Array.from({ length: count }, (_, row) => [BigInt(row + 1), amountOfUser(row + 1)]);

/** Writes a list of `count` rows, every other one with an address. */
export function writeList(file: string, count: number): void {
  const handle = openSync(file, "w");
  let lines = ["user_id,amount,address"];
  for (let userId = 1; userId <= count; userId++) {
    const address =
      userId % 2 === 0
        ? `0x${(BigInt(userId) * 0x9e3779b97f4a7c15f39cc0605cedc834n).toString(16).padStart(40, "0").slice(-40)}`
        : "";
    lines.push(`${userId},${amountOfUser(userId)},${address}`);
    if (lines.length < 10_000 && userId < count) continue;
    writeSync(handle, `${lines.join("\n")}\n`);
    lines = [];
  }
  closeSync(handle);
}
