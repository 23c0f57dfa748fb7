import type { Manifest, ManifestChunk } from "../../../src/snapshots/manifest.js";
import type { SnapshotFolder } from "../../../src/snapshots/files/snapshot-folder.js";
import { readFile } from "node:fs/promises";

import type { SnapshotMirror } from "../../../src/snapshots/ports.js";

/** What a mirror does with the bytes of a chunk from a place on. */
export type Behaviour = (bytes: Buffer, from: number, chunk: ManifestChunk) => { from: number; pieces: Iterable<Buffer> };

export const honest: Behaviour = (bytes, from) => ({ from, pieces: [bytes.subarray(from)] });

export interface CountingMirror extends SnapshotMirror {
  /** What was asked for, in order. */
  readonly asked: { number: number; stream: string; from: number }[];
}

/** A mirror of a folder that behaves as told. */
export function mirrorOf(name: string, folder: SnapshotFolder, behave: Behaviour = honest): CountingMirror {
  const asked: CountingMirror["asked"] = [];
  return {
    name,
    asked,
    manifest: (digest?: string): Promise<Manifest | undefined> => folder.manifest(digest),
    manifestAt: (block: number): Promise<Manifest | undefined> => folder.manifestAt(block),
    async fetchChunk(chunk, from) {
      asked.push({ number: chunk.range.number, stream: chunk.stream, from });
      const answer = behave(await readFile(folder.chunkFile(chunk.digest)), from, chunk);
      return {
        from: answer.from,
        body: (async function* () {
          for (const piece of answer.pieces) yield piece;
        })(),
      };
    },
  };
}
