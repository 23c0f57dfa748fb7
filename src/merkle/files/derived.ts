import { dumpFile, dumpFormat } from "../formats/standard-dump.js";
import { shardFiles } from "../formats/shards.js";
import { claimsFile } from "../formats/uniswap.js";
import { gtcProofsFile } from "../gtc-v1.js";
import type { OpenAllocations } from "../open-allocations.js";

export interface DerivedFile {
  /** Relative to the list's folder. */
  readonly path: string;
  readonly pieces: Iterable<string>;
}

/** All files that follow from a list's tree and entries: written by the build, written again and compared by verify. */
export function* derivedFiles(book: OpenAllocations): Generator<DerivedFile> {
  const { tree, dump, shards } = book.manifest;
  if (tree === "gtc-v1") yield { path: "proofs.json", pieces: gtcProofsFile(book) };
  if (tree === "uniswap") yield { path: "claims.json", pieces: claimsFile(book) };
  if (dump) yield { path: `${dumpFormat(book.entries.rows)}.json`, pieces: dumpFile(book) };
  if (shards === null) return;
  for (const { name, text } of shardFiles(book, shards)) yield { path: `shards/${name}`, pieces: [text] };
}
