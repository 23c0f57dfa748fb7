import { readFile } from "node:fs/promises";
import path from "node:path";

import { parseManifest, type RatifiedList } from "../src/chain/deployment/manifest.js";
import { DomainError } from "../src/shared/errors.js";

/** The manifest of a folder that `distribution build` wrote. */
export async function readList(directory: string): Promise<RatifiedList> {
  return parseManifest(await readText(path.join(directory, "manifest.json"), "The list's manifest"));
}

/** A text file named by an option. */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new DomainError("tasks/unreadable-file", `${what} ${file} cannot be read.`, { file }, { cause });
  }
}

/** A JSON document named by an option, not yet looked at. */
export async function readJson(file: string, what: string): Promise<unknown> {
  const text = await readText(file, what);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new DomainError("json/malformed", `${what} ${file} is not a JSON document.`, { file }, { cause });
  }
}
