import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { buildAllocations, type BuildRequest, type BuildResult } from "../../../../src/merkle/build-allocations.js";
import { DEFAULT_LIST_OPTIONS } from "../../../../src/merkle/list/options.js";

/** A folder of its own for one test, removed afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "touchstone-list-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const listed = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

export interface Built extends BuildResult {
  readonly out: string;
  readonly list: string;
}

/** Writes a list into the folder and builds it there. */
export async function buildIn(
  folder: string,
  text: string | Uint8Array,
  changes: Partial<BuildRequest> = {},
): Promise<Built> {
  const list = changes.list ?? path.join(folder, "list.csv");
  const out = changes.out ?? path.join(folder, "out");
  if (changes.list === undefined) await writeFile(list, text);
  const defaults = {
    options: DEFAULT_LIST_OPTIONS,
    format: "standard-v1",
    exclude: [],
    dump: false,
    shards: null,
  } as const;
  return { ...(await buildAllocations({ ...defaults, ...changes, list, out })), out, list };
}
