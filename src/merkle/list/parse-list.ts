import { MAX_USER_ID } from "../allocation.js";
import { ChecksumQueue } from "../address.js";
import { ListError } from "../errors.js";
import { ACCOUNT_BYTES, allocateRows, AMOUNT_BYTES, MAX_AMOUNT, takeRows, type Rows } from "../rows.js";
import { sortKeys } from "../sort-words.js";
import { readHeader, type ColumnPlaces } from "./header.js";
import { cellText, LineReader, refuse, type Cells } from "./lines.js";
import type { ListOptions } from "./options.js";
import { Uint96 } from "./uint96.js";

export interface ParsedList {
  /** In ascending order of ids. */
  readonly rows: Rows;
  /** `fileOrder[k]` is where row k stands in the file; null if the file is in ascending order itself. */
  readonly fileOrder: Uint32Array<ArrayBuffer> | null;
  readonly total: bigint;
}

const MAX = Uint96.from(MAX_AMOUNT);
const [DIGIT_0, DIGIT_9, LOWER_X] = [0x30, 0x39, 0x78];
/** The line of a row: a header comes first and no line is blank. */
const lineOf = (row: number) => row + 2;

/** The value of every hex digit's character code, -1 for other characters. */
const HEX = Int8Array.from({ length: 256 }, (_, code) => {
  const digit = "0123456789abcdef".indexOf(String.fromCharCode(code).toLowerCase());
  return code < 128 && digit >= 0 ? digit : -1;
});

/**
 * Parses a list from its bytes, in any number of chunks: `push` them, then `finish`. Throws a {@link ListError} that
 * names the line at the first fault of the file; duplicate ids are found at the end.
 */
export class ListParser {
  readonly #options: ListOptions;
  readonly #limit: Uint96;
  readonly #lines = new LineReader((cells, line) => this.#takeLine(cells, line));
  readonly #checksums = new ChecksumQueue((line, address) =>
    refuse("list/bad-checksum", line, `the checksum of ${address} is wrong`, { address }),
  );
  readonly #amount = new Uint96();
  readonly #total = new Uint96();
  #places: ColumnPlaces | undefined;
  #rows = allocateRows(0, false);
  #count = 0;

  constructor(options: ListOptions) {
    this.#options = options;
    this.#limit = options.funding === null ? MAX : Uint96.from(options.funding);
  }

  push(chunk: Uint8Array): void {
    this.#checked(() => this.#lines.push(chunk));
  }

  finish(): ParsedList {
    this.#checked(() => this.#lines.finish());
    this.#checksums.flush();
    if (this.#places === undefined) throw new ListError("list/empty", "line 1: the file is empty", { line: 1 });
    if (this.#count === 0) refuse("list/empty", 2, "there are no rows after the header");
    const rows = trim(this.#rows, this.#count);
    const fileOrder = sortKeys(rows.ids);
    const sorted = fileOrder === null ? rows : takeRows(rows, fileOrder);
    refuseDuplicates(sorted.ids, fileOrder);
    return { rows: sorted, fileOrder, total: this.#total.toBigInt() };
  }

  /** Checksums are checked in batches: before a fault is reported, those of earlier lines have their turn. */
  #checked(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#checksums.flush();
      throw error;
    }
  }

  // From here on, what runs for every row makes no objects and no closures: that halves the time of a large list.
  #takeLine(cells: Cells, line: number): void {
    if (this.#places === undefined) {
      this.#places = readHeader(cells, this.#options);
      return;
    }
    const places = this.#places;
    if (cells.count !== places.cells) {
      refuse("list/cell-count", line, `${cells.count} cells where the header has ${places.cells}`);
    }
    const row = this.#count;
    if (row === this.#rows.count) this.#rows = grow(this.#rows, places.address !== -1);
    this.#rows.ids[row] = places.userId === -1 ? row + 1 : parseUserId(cells, places.userId, line);
    this.#takeAmount(cells, places.amount, row, line);
    if (places.address !== -1) this.#takeAddress(cells, places.address, row, line);
    this.#count = row + 1;
  }

  #takeAmount(cells: Cells, index: number, row: number, line: number): void {
    const amount = this.#amount;
    const start = cells.starts[index] as number;
    const end = cells.ends[index] as number;
    const fault = amount.parse(cells.source, start, end, this.#options.unit);
    if (fault === "not-decimal") refuseAmount(cellText(cells, index), this.#options.unit, line);
    if (fault === "too-large") {
      refuse("list/amount-too-large", line, `${cellText(cells, index)} is above 2^96 - 1 wei`);
    }
    if (amount.isZero()) refuse("list/zero-amount", line, "the amount is zero");
    if (!this.#total.add(amount)) refuse("list/total-too-large", line, "the sum so far is above 2^96 - 1 wei");
    if (this.#total.isAbove(this.#limit)) {
      const [sum, funding] = [this.#total.toBigInt(), this.#limit.toBigInt()];
      refuse("list/over-funding", line, `the sum so far, ${sum} wei, is above the funding of ${funding} wei`);
    }
    const target = this.#rows.amounts;
    writeWord(target, row * AMOUNT_BYTES, amount.high);
    writeWord(target, row * AMOUNT_BYTES + 4, amount.middle);
    writeWord(target, row * AMOUNT_BYTES + 8, amount.low);
  }

  #takeAddress(cells: Cells, index: number, row: number, line: number): void {
    const source = cells.source;
    const start = cells.starts[index] as number;
    const end = cells.ends[index] as number;
    const target = this.#rows.accounts as Uint8Array;
    if (start === end) return; // the user's address is unknown: an unbound row
    if (end - start !== 42 || source[start] !== DIGIT_0 || source[start + 1] !== LOWER_X) {
      refuseAddress(cells, index, line);
    }
    let capitals = false;
    let any = 0;
    for (let byte = 0; byte < ACCOUNT_BYTES; byte++) {
      const at = start + 2 + 2 * byte;
      const a = source[at] as number;
      const b = source[at + 1] as number;
      const value = ((HEX[a] as number) << 4) | (HEX[b] as number);
      if (value < 0) refuseAddress(cells, index, line);
      if ((a > DIGIT_9 && a < 0x60) || (b > DIGIT_9 && b < 0x60)) capitals = true;
      any |= value;
      target[row * ACCOUNT_BYTES + byte] = value;
    }
    if (any === 0) refuse("list/zero-address", line, "the zero address cannot claim");
    // All lower case carries no checksum that could be wrong.
    if (capitals) this.#checksums.add(source, start + 2, line);
  }
}

function refuseAddress(cells: Cells, index: number, line: number): never {
  return refuse("list/bad-address", line, `"${cellText(cells, index)}" is not an address`);
}

function refuseAmount(text: string, unit: ListOptions["unit"], line: number): never {
  const rule =
    unit === "wei"
      ? "digits without sign, space, point, exponent or leading zero (--unit token reads whole tokens)"
      : "digits, optionally a point and at most 18 more, without sign, space, exponent or leading zero";
  return refuse("list/bad-amount", line, `"${text}" is not an amount in ${unit}: ${rule}`);
}

export function parseUserId(cells: Cells, index: number, line: number): number {
  const start = cells.starts[index] as number;
  const end = cells.ends[index] as number;
  let id = 0;
  for (let at = start; at < end; at++) {
    const byte = cells.source[at] as number;
    if (byte < DIGIT_0 || byte > DIGIT_9) id = NaN;
    id = id * 10 + byte - DIGIT_0;
  }
  const leadingZero = end - start > 1 && cells.source[start] === DIGIT_0;
  if (start === end || Number.isNaN(id) || leadingZero) {
    refuse("list/bad-user-id", line, `"${cellText(cells, index)}" is not a user id: plain digits, no leading zero`);
  }
  if (id > MAX_USER_ID) refuse("list/user-id-too-large", line, `${cellText(cells, index)} is above ${MAX_USER_ID}`);
  return id;
}

function writeWord(target: Uint8Array, at: number, word: number): void {
  target[at] = word >>> 24;
  target[at + 1] = word >>> 16;
  target[at + 2] = word >>> 8;
  target[at + 3] = word;
}

function grow(rows: Rows, withAccounts: boolean): Rows {
  const larger = allocateRows(Math.max(1024, rows.count * 2), withAccounts);
  larger.ids.set(rows.ids);
  larger.amounts.set(rows.amounts);
  if (rows.accounts !== null) larger.accounts?.set(rows.accounts);
  return larger;
}

/** The filled part, as a view: copying would double the peak. */
function trim(rows: Rows, count: number): Rows {
  return {
    count,
    ids: rows.ids.subarray(0, count),
    amounts: rows.amounts.subarray(0, count * AMOUNT_BYTES),
    accounts: rows.accounts?.subarray(0, count * ACCOUNT_BYTES) ?? null,
  };
}

/** Equal ids are neighbours now, in the file's order: reports the pair whose second line comes first in the file. */
function refuseDuplicates(ids: Uint32Array, fileOrder: Uint32Array | null): void {
  let [first, second] = [-1, Infinity];
  for (let k = 1; k < ids.length; k++) {
    if (ids[k] !== ids[k - 1]) continue;
    const row = fileOrder === null ? k : (fileOrder[k] as number);
    if (row < second) [first, second] = [fileOrder === null ? k - 1 : (fileOrder[k - 1] as number), row];
  }
  if (first === -1) return;
  const id = ids[fileOrder === null ? second : fileOrder.indexOf(second)];
  const lines = [lineOf(first), lineOf(second)];
  refuse("list/duplicate-user-id", lineOf(second), `user id ${id} stands already in line ${lineOf(first)}`, {
    userId: id,
    lines,
  });
}
