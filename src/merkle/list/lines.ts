// Cuts a stream of bytes into lines and cells. Our own because a list needs so little of CSV, because every fault must
// name its line, and because ten million rows must not become ten million arrays of strings.
import { ListError, type ListErrorCode } from "../errors.js";

const [LF, CR, QUOTE, COMMA, SPACE, DELETE] = [0x0a, 0x0d, 0x22, 0x2c, 0x20, 0x7f];
/** More than any header or row needs; a file without line ends is refused instead of being read into memory. */
const MAX_LINE = 4096;
const MAX_CELLS = 64;

/** One line's cells: `starts[k]` and `ends[k]` within `source`. */
export interface Cells {
  source: Uint8Array;
  count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export const cellText = (cells: Cells, index: number): string =>
  Buffer.from(cells.source.subarray(cells.starts[index], cells.ends[index])).toString("latin1");

export const refuse = (code: ListErrorCode, line: number, what: string, details: object = {}): never => {
  throw new ListError(code, `line ${line}: ${what}`, { line, ...details });
};

/** Feeds every line's cells to `onLine`; lines are numbered from 1. Throws a {@link ListError} at the first fault. */
export class LineReader {
  readonly #onLine: (cells: Cells, line: number) => void;
  readonly #cells: Cells = {
    source: new Uint8Array(0),
    count: 0,
    starts: new Int32Array(MAX_CELLS),
    ends: new Int32Array(MAX_CELLS),
  };
  #rest = new Uint8Array(0);
  /** Lines finished so far. */
  line = 0;

  constructor(onLine: (cells: Cells, line: number) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const source = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.line === 0) refuseByteOrderMark(source);
    let start = 0;
    for (let end = source.indexOf(LF); end !== -1; end = source.indexOf(LF, start)) {
      this.#take(source, start, end);
      start = end + 1;
    }
    if (source.length - start > MAX_LINE) this.#tooLong();
    this.#rest = Uint8Array.from(source.subarray(start));
  }

  /** The last line may end without LF. */
  finish(): void {
    if (this.#rest.length > 0) this.#take(this.#rest, 0, this.#rest.length);
    this.#rest = new Uint8Array(0);
  }

  #take(source: Uint8Array, start: number, end: number): void {
    if (end - start > MAX_LINE) this.#tooLong();
    this.line++;
    if (end === start) refuse("list/blank-line", this.line, "a blank line");
    split(this.#cells, source, start, end, this.line);
    this.#onLine(this.#cells, this.line);
  }

  #tooLong(): never {
    return refuse("list/line-too-long", this.line + 1, `more than ${MAX_LINE} characters`);
  }
}

function refuseByteOrderMark(source: Uint8Array): void {
  const [a, b, c] = source;
  if ((a === 0xef && b === 0xbb && c === 0xbf) || (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    refuse("list/byte-order-mark", 1, "the file starts with a byte order mark; save it as plain text");
  }
}

function split(cells: Cells, source: Uint8Array, start: number, end: number, line: number): void {
  cells.source = source;
  cells.count = 0;
  let from = start;
  for (let at = start; at <= end; at++) {
    const byte = at === end ? COMMA : (source[at] as number);
    if (byte === COMMA) {
      if (cells.count === MAX_CELLS) refuse("list/cell-count", line, `more than ${MAX_CELLS} cells`);
      cells.starts[cells.count] = from;
      cells.ends[cells.count++] = at;
      from = at + 1;
    } else if (byte === QUOTE) {
      at = closingQuote(source, at, from, end, line);
      if (cells.count === MAX_CELLS) refuse("list/cell-count", line, `more than ${MAX_CELLS} cells`);
      cells.starts[cells.count] = from + 1;
      cells.ends[cells.count++] = at - 1;
      from = at + 1;
    } else if (byte === CR) {
      refuse("list/line-ending", line, "ends with CR LF or holds a CR; lines end with LF alone");
    } else if (byte < SPACE || byte >= DELETE) {
      refuse("list/encoding", line, `byte 0x${byte.toString(16).padStart(2, "0")} is not printable ASCII`, { byte });
    }
  }
}

/** A whole cell in quotes is accepted, as exports write it; nothing in a list needs a quote inside. */
function closingQuote(source: Uint8Array, at: number, from: number, end: number, line: number): number {
  const close = source.indexOf(QUOTE, at + 1);
  if (at !== from) refuse("list/quote", line, "a quote inside a cell");
  if (close === -1 || close >= end) refuse("list/quote", line, "a quote that is not closed on this line");
  if (close + 1 < end && source[close + 1] !== COMMA) refuse("list/quote", line, "text after a closing quote");
  for (let inside = at + 1; inside < close; inside++) {
    const byte = source[inside] as number;
    if (byte < SPACE || byte >= DELETE) refuse("list/encoding", line, "a byte that is not printable ASCII", { byte });
  }
  return close + 1;
}
