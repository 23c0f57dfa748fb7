import { createReadStream } from "node:fs";
import path from "node:path";

import { parse } from "csv-parse";

import { SybilError } from "../errors.js";
import { readFault } from "./file-faults.js";

/** One line of a table: its cells in the order of the columns that were asked for. */
export interface TableRow {
  /** From 1, the header's being 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads a CSV file with a header (RFC 4180) whose columns are exactly `columns`, in any order; those of `unused` may be there too,
 * and are not read. Every fault names file and line:
 * `sybil/unreadable`, `sybil/empty-table`, `sybil/bad-table`, `sybil/missing-column`, `sybil/unknown-column`.
 */
export async function* readTable(
  file: string,
  columns: readonly string[],
  unused: readonly string[] = [],
): AsyncGenerator<TableRow> {
  const name = path.basename(file);
  const source = createReadStream(file);
  const rows = source.pipe(parse({ info: true, bom: true, relax_column_count: true }));
  source.on("error", (error) => rows.destroy(error));
  let order: number[] | undefined;
  let count = 0;
  let width = 0;
  try {
    for await (const { record, info } of rows as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (order === undefined) {
        order = orderOf(record, columns, unused, name);
        width = record.length;
        continue;
      }
      if (record.length !== width) {
        const what = `${record.length} cells, where the header has ${width}`;
        throw new SybilError("sybil/bad-table", `${name}, line ${info.lines}: ${what}`, { line: info.lines });
      }
      count += 1;
      yield { line: info.lines, cells: order.map((at) => record[at] as string) };
    }
  } catch (error) {
    throw explained(error, name);
  } finally {
    source.destroy();
  }
  if (order === undefined || count === 0) throw new SybilError("sybil/empty-table", `${name} has no rows`);
}

function orderOf(
  header: readonly string[],
  columns: readonly string[],
  unused: readonly string[],
  name: string,
): number[] {
  const unknown = header.find((column) => !columns.includes(column) && !unused.includes(column));
  if (unknown !== undefined) {
    const known = columns.join(", ");
    throw new SybilError("sybil/unknown-column", `${name}, line 1: the column "${unknown}" is not one of ${known}`);
  }
  return columns.map((column) => {
    const at = header.indexOf(column);
    if (at === -1) throw new SybilError("sybil/missing-column", `${name}, line 1: the column "${column}" is missing`);
    if (header.lastIndexOf(column) !== at) {
      throw new SybilError("sybil/bad-table", `${name}, line 1: the column "${column}" is there twice`);
    }
    return at;
  });
}

function explained(error: unknown, name: string): unknown {
  if (error instanceof SybilError) return error;
  const { code, lines, message } = error as { code?: string; lines?: number; message?: string };
  if (code?.startsWith("CSV_") === true) {
    return new SybilError("sybil/bad-table", `${name}, line ${lines ?? "?"}: ${message}`, {}, { cause: error });
  }
  if (code === undefined) return error;
  return new SybilError("sybil/unreadable", `${name} cannot be read: ${readFault(error)}`, {}, { cause: error });
}

/** A number of a cell; `NA` is undefined where it may be missing. Throws `sybil/bad-cell` for anything else. */
export function numberOf(
  text: string,
  { line, column, file }: CellPlace,
  missing: "NA" | "never" = "never",
): number | undefined {
  if (missing === "NA" && text === "NA") return undefined;
  const value = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  const alternative = missing === "NA" ? " and is not NA" : "";
  const what = `"${text}" in the column ${column} is not a number${alternative}`;
  throw new SybilError("sybil/bad-cell", `${path.basename(file)}, line ${line}: ${what}`, { line, column });
}

export interface CellPlace {
  readonly file: string;
  readonly line: number;
  readonly column: string;
}
