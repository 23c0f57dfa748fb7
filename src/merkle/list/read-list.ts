import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import path from "node:path";

import { noProgress, type Progress } from "../../shared/progress.js";
import { ListError } from "../errors.js";
import type { TreeFormat } from "../files/manifest.js";
import type { ListOptions } from "./options.js";
import { ListParser, type ParsedList } from "./parse-list.js";

const CHUNK = 2 ** 20;

export interface ListFile extends ParsedList {
  /** The file's name without its folders: those are nobody else's business. */
  readonly name: string;
  /** SHA-256 of the file's bytes, 0x-prefixed. */
  readonly hash: string;
  /** The tree that an imported file came with. */
  readonly imported?: { readonly format: TreeFormat; readonly root: string };
}

/** Reads a list in one pass: hash and rows come from the same bytes. */
export async function readList(file: string, options: ListOptions, progress: Progress = noProgress): Promise<ListFile> {
  const parser = new ListParser(options);
  const hash = await readHashed(file, (chunk) => {
    parser.push(chunk);
    progress.update("reading rows", parser.count);
  });
  return { ...parser.finish(), name: path.basename(file), hash };
}

/** Gives every chunk of a file to `take`; returns the SHA-256 of all of it, 0x-prefixed. */
export async function readHashed(file: string, take: (chunk: Uint8Array) => void): Promise<string> {
  const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw new ListError("list/unreadable", `cannot read ${file}: ${cause.code ?? cause.message}`, {}, { cause });
  });
  try {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK).catch((cause: NodeJS.ErrnoException) => {
        throw new ListError("list/unreadable", `cannot read ${file}: ${cause.code ?? cause.message}`, {}, { cause });
      });
      if (bytesRead === 0) return `0x${hash.digest("hex")}`;
      hash.update(buffer.subarray(0, bytesRead));
      take(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
