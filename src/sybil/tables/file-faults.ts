import { existsSync, statSync } from "node:fs";
import path from "node:path";

import { SybilError } from "../errors.js";

/** What is said of a file that cannot be read: that a folder is no file, or what the file system says. */
export function readFault(cause: unknown): string {
  if ((cause as { code?: string } | null)?.code === "EISDIR") return "it is a folder, and a file is needed";
  return reasonOf(cause);
}

/** `sybil/unwritable`, with the folder that is missing where one is. */
export function unwritable(file: string, cause: unknown): SybilError {
  const folder = path.dirname(file);
  const reason = !existsSync(folder)
    ? `the folder ${folder} does not exist`
    : isFolder(file)
      ? "a folder of that name is there"
      : reasonOf(cause);
  return new SybilError("sybil/unwritable", `${path.basename(file)} cannot be written: ${reason}`, {}, { cause });
}

const isFolder = (file: string) => statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
