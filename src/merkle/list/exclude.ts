// Ids that were paid before, left out of a corrective list. The file is an export of claims: a header with a `user_id`
// column, whatever other columns beside it.
import path from "node:path";

import type { Exclusion } from "../files/manifest.js";
import { takeRows, type Rows } from "../rows.js";
import { cellText, LineReader, refuse, type Cells } from "./lines.js";
import { parseUserId } from "./parse-list.js";
import { readHashed, type ListFile } from "./read-list.js";

const COLUMN = "user_id";

export interface ReducedList {
  readonly list: ListFile;
  readonly excluded: readonly Exclusion[];
}

/** Reads the ids of one file of claims; an id that is named twice counts once. */
class PaidIdsParser {
  readonly ids = new Set<number>();
  readonly #lines = new LineReader((cells, line) => this.#take(cells, line));
  #place = -1;
  #cells = 0;

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  finish(): ReadonlySet<number> {
    this.#lines.finish();
    if (this.#lines.line === 0) refuse("list/empty", 1, "the file is empty");
    return this.ids;
  }

  #take(cells: Cells, line: number): void {
    if (line === 1) {
      const names = Array.from({ length: cells.count }, (_, index) => cellText(cells, index));
      this.#place = names.indexOf(COLUMN);
      this.#cells = cells.count;
      if (this.#place === -1) refuse("list/missing-header", 1, `there is no column "${COLUMN}"`);
      if (names.lastIndexOf(COLUMN) !== this.#place) refuse("list/duplicate-header", 1, `"${COLUMN}" appears twice`);
      return;
    }
    if (cells.count !== this.#cells) refuse("list/cell-count", line, `${cells.count} cells, not ${this.#cells}`);
    this.ids.add(parseUserId(cells, this.#place, line));
  }
}

/** Removes from a list every row whose id one of the files names. */
export async function excludePaid(list: ListFile, files: readonly string[]): Promise<ReducedList> {
  let reduced = list;
  const excluded: Exclusion[] = [];
  for (const file of files) {
    const parser = new PaidIdsParser();
    const hash = await readHashed(file, (chunk) => parser.push(chunk));
    const ids = parser.finish();
    const before = reduced.rows.count;
    reduced = { ...reduced, ...withoutIds(reduced, ids) };
    excluded.push({ file: path.basename(file), hash, ids: ids.size, rows: before - reduced.rows.count });
  }
  return { list: reduced, excluded };
}

/** The rows whose ids are not among `ids`, and their places relative to each other in the file. */
function withoutIds(
  list: Pick<ListFile, "rows" | "fileOrder">,
  ids: ReadonlySet<number>,
): Pick<ListFile, "rows" | "fileOrder"> {
  const kept = Uint32Array.from({ length: list.rows.count }, (_, row) => row).filter(
    (row) => !ids.has(list.rows.ids[row] as number),
  );
  const rows: Rows = takeRows(list.rows, kept);
  const { fileOrder } = list;
  return { rows, fileOrder: fileOrder === null ? null : kept.map((row) => fileOrder[row] as number) };
}
