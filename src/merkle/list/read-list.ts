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
  const hash = await readHashed(file, (chunk, done, size) => {
    parser.push(chunk);
    progress.update("reading bytes", done, size);
  });
  return { ...parser.finish(), name: path.basename(file), hash };
}

/** Takes a part of a file, with how many bytes are read and how many there are. */
type TakeChunk = (chunk: Uint8Array, done: number, size: number) => void;

/** Gives every chunk of a file to `take`; returns the SHA-256 of all of it, 0x-prefixed. */
export async function readHashed(file: string, take: TakeChunk): Promise<string> {
  const unreadable = (cause: NodeJS.ErrnoException): never => {
    throw new ListError("list/unreadable", `cannot read ${file}: ${cause.code ?? cause.message}`, {}, { cause });
  };
  const handle = await open(file).catch(unreadable);
  try {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(CHUNK);
    const { size } = await handle.stat();
    for (let done = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK).catch(unreadable);
      if (bytesRead === 0) return `0x${hash.digest("hex")}`;
      done += bytesRead;
      hash.update(buffer.subarray(0, bytesRead));
      take(buffer.subarray(0, bytesRead), done, size);
    }
  } finally {
    await handle.close();
  }
}
