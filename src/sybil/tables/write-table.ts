import { open, rename, rm } from "node:fs/promises";

import { unwritable } from "./file-faults.js";

/** Bytes that are collected before they are written. */
const CHUNK = 1 << 16;

/**
 * Writes a CSV file: beside its place, then moved there, so that a failure in the middle leaves nothing that looks whole. Cells
 * are quoted where they have to be. Throws `sybil/unwritable`.
 */
export async function writeTable(
  file: string,
  columns: readonly string[],
  rows: Iterable<readonly (string | number)[]>,
): Promise<void> {
  const beside = `${file}.${process.pid}.new`;
  try {
    const handle = await open(beside, "w");
    try {
      let text = line(columns);
      for (const row of rows) {
        text += line(row);
        if (text.length < CHUNK) continue;
        await handle.writeFile(text);
        text = "";
      }
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true });
    throw unwritable(file, cause);
  }
}

const line = (cells: readonly (string | number)[]): string =>
  `${cells.map((cell) => (typeof cell === "string" && /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join()}\n`;
