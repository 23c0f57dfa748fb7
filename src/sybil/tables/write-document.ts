import { rename, rm, writeFile } from "node:fs/promises";

import { unwritable } from "./file-faults.js";

/** Writes a text beside its place, then moves it there. Throws `sybil/unwritable`. */
export async function writeDocument(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.new`;
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true });
    throw unwritable(file, cause);
  }
}
