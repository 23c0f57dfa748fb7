import { chunkDigest, openChunk, sealChunk } from "./chunk.js";
import { SnapshotError } from "./errors.js";
import type { Manifest } from "./manifest.js";
import type { SnapshotReader } from "./ports.js";
import { readSnapshot } from "./read-snapshot.js";
import { STREAMS, streamOf, type SnapshotRecord } from "./record.js";
import { LogReplay, type ReplayOptions } from "./replay-log.js";

/**
 * A signer's own view of the log, followed from snapshot to snapshot. What it has replayed once must be in every later snapshot
 * unchanged: closed chunks by their digest, the entries of the open one by sealing them again.
 */
export class SignerLog {
  readonly replay: LogReplay;
  #manifest: Manifest | undefined;

  constructor(options: ReplayOptions) {
    this.replay = new LogReplay(options);
  }

  /** The snapshot that was replayed last: its digest is what the signer may sign. */
  get manifest(): Manifest | undefined {
    return this.#manifest;
  }

  /**
   * Replays what a newer snapshot adds. `latest` is the time of its block, in seconds, where it is known: nothing in it is later.
   * Throws `snapshots/other-log` when it does not continue the one before, and whatever the replay finds; after a failure the
   * object is of no use, and the next one starts from the beginning.
   */
  async advance(reader: SnapshotReader, manifest: Manifest, latest?: number): Promise<void> {
    const before = this.#manifest;
    if (before !== undefined && !continuesLog(before, manifest)) throw otherLog();
    const { sequence } = this.replay;
    for await (const { range, records } of readSnapshot(reader, manifest, { after: sequence })) {
      const known = records.filter((record) => record.sequence <= sequence);
      if (before !== undefined && known.length > 0) requireSamePrefix(before, range.number, known);
      for (const record of records) if (record.sequence > sequence) this.replay.apply(record, latest);
    }
    this.#manifest = manifest;
  }
}

/** Whether a snapshot can go on from another: no shorter, and with the same closed chunks, which never change. */
export function continuesLog(before: Manifest, after: Manifest): boolean {
  if (before.chunkSequences !== after.chunkSequences || before.sequence > after.sequence) return false;
  // The last chunk may have been open.
  const open = before.sequence % before.chunkSequences !== 0 && before.sequence < after.sequence ? STREAMS.length : 0;
  const closed = before.chunks.slice(0, before.chunks.length - open);
  return closed.every(({ digest }, at) => after.chunks[at]?.digest === digest);
}

/** Whether a snapshot begins with all of another, entry for entry. Reads the chunk in which the shorter one ends. */
export async function extendsLog(reader: SnapshotReader, before: Manifest, after: Manifest): Promise<boolean> {
  if (!continuesLog(before, after)) return false;
  if (before.sequence === after.sequence || before.sequence % before.chunkSequences === 0) return true;
  for (const open of before.chunks.slice(-STREAMS.length)) {
    const same = after.chunks.find(({ stream, range }) => stream === open.stream && range.number === open.range.number);
    if (same === undefined) return false;
    const records = [...openChunk(same.stream, same.range, await reader.chunk(same))];
    const first = records.filter(({ sequence }) => sequence <= before.sequence);
    if (chunkDigest(sealChunk(open.stream, open.range, first)) !== open.digest) return false;
  }
  return true;
}

function requireSamePrefix(before: Manifest, number: number, records: readonly SnapshotRecord[]): void {
  for (const chunk of before.chunks.filter(({ range }) => range.number === number)) {
    const own = records.filter((record) => streamOf(record) === chunk.stream);
    if (chunkDigest(sealChunk(chunk.stream, chunk.range, own)) !== chunk.digest) throw otherLog();
  }
}

const otherLog = () =>
  new SnapshotError("snapshots/other-log", "The snapshot does not continue the one that was replayed before it");
