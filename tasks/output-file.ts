import { stat } from "node:fs/promises";

import { DomainError } from "../src/shared/errors.js";

/**
 * The file that a task is to write, which must be none of those that it reads, by any path or link: the result would replace
 * the table that it was made of. Asked before anything is computed. Throws `tasks/output-is-input`.
 */
export async function outputFile(target: string, inputs: readonly (string | undefined)[]): Promise<string> {
  const place = await identity(target);
  for (const input of inputs) {
    if (place === undefined || input === undefined || (await identity(input)) !== place) continue;
    const message = `--out ${target} is the same file as the input ${input}: choose another file to write.`;
    throw new DomainError("tasks/output-is-input", message, { target, input });
  }
  return target;
}

/** Device and inode, which are one for all paths and links to a file; undefined where there is none, or none to be seen. */
async function identity(file: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
