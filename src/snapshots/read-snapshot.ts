import { noProgress, type Progress } from "../shared/progress.js";
import { openChunk } from "./chunk.js";
import type { ChunkRange } from "./cut.js";
import { SnapshotError } from "./errors.js";
import type { Manifest, ManifestChunk } from "./manifest.js";
import type { SnapshotReader } from "./ports.js";
import { STREAMS, type SnapshotRecord, type Stream } from "./record.js";

export interface ReadOptions {
  /** Both unless told. With one of them, sequences have gaps. */
  readonly streams?: readonly Stream[];
  /** Ranges that end here or before are left out. */
  readonly after?: number;
  readonly progress?: Progress;
  readonly stage?: string;
}

/** The records of one range, in the log's order. */
export interface RecordPage {
  readonly range: ChunkRange;
  readonly records: readonly SnapshotRecord[];
}

/**
 * A snapshot's records, range after range: every chunk's digest is compared with the manifest, and every sequence must be there
 * once. The next range is read and decompressed while the caller works on one; no more than two are in memory.
 */
export async function* readSnapshot(
  reader: SnapshotReader,
  manifest: Manifest,
  { streams = STREAMS, after = 0, progress = noProgress, stage = "reading entries" }: ReadOptions = {},
): AsyncGenerator<RecordPage> {
  const wanted = manifest.chunks.filter(({ stream, range }) => streams.includes(stream) && range.last > after);
  const groups = Array.from({ length: wanted.length / streams.length }, (_, at) =>
    wanted.slice(at * streams.length, (at + 1) * streams.length),
  );
  const load = (group: readonly ManifestChunk[]) => {
    const loading = Promise.all(group.map((chunk) => reader.chunk(chunk)));
    // It is awaited in its turn; until then its failure is nobody's yet.
    loading.catch(() => {});
    return loading;
  };
  let next = groups[0] === undefined ? undefined : load(groups[0]);
  for (const [at, group] of groups.entries()) {
    const bytes = await (next as Promise<Buffer[]>);
    const following = groups[at + 1];
    next = following === undefined ? undefined : load(following);
    const range = (group[0] as ManifestChunk).range;
    const records = group.flatMap((chunk, index) => open(chunk, bytes[index] as Buffer));
    if (group.length > 1) records.sort((a, b) => a.sequence - b.sequence);
    if (group.length === STREAMS.length) checkComplete(range, records);
    yield { range, records };
    progress.update(stage, range.last, manifest.sequence);
  }
  progress.finish();
}

function open(chunk: ManifestChunk, bytes: Buffer): SnapshotRecord[] {
  const records = [...openChunk(chunk.stream, chunk.range, bytes)];
  if (records.length === chunk.entries) return records;
  throw new SnapshotError("snapshots/wrong-chunk", `chunk ${chunk.range.number} has not the number of entries it should`);
}

/** Sequences are distinct in each stream and within the range; so many of them, all different, are all of them. */
function checkComplete({ first, last }: ChunkRange, records: readonly SnapshotRecord[]): void {
  const complete = records.length === last - first + 1 && records.every(({ sequence }, at) => sequence === first + at);
  if (complete) return;
  throw new SnapshotError("snapshots/malformed-chunk", `the sequences ${first} to ${last} are not there once each`);
}
