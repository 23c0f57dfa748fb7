import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { SybilError } from "../errors.js";

/** Writes a text beside its place, then moves it there. Throws `sybil/unwritable`. */
export async function writeDocument(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.new`;
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SybilError("sybil/unwritable", `${path.basename(file)} cannot be written: ${reason}`, {}, { cause });
  }
}
