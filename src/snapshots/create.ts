import { invariant } from "../shared/errors.js";
import { noProgress, type Progress } from "../shared/progress.js";
import { chunkDigest, sealChunk } from "./chunk.js";
import { CHUNK_SEQUENCES, chunkRanges, type ChunkRange } from "./cut.js";
import { snapshotDigest } from "./digest.js";
import { SnapshotError } from "./errors.js";
import type { CachedChunk, SnapshotFolder } from "./files/snapshot-folder.js";
import type { LogKeeper } from "./keeper.js";
import type { Manifest, ManifestChunk } from "./manifest.js";
import type { LogSource } from "./ports.js";
import { STREAMS, streamOf } from "./record.js";

export interface CreateOptions {
  /** The last sequence to take; the log's newest unless told. */
  readonly cut?: number;
  readonly chunkSequences?: number;
  readonly epoch?: number | null;
  readonly block?: number | null;
  /** Signs the snapshot of a block, for nodes to follow; without it only a certificate can vouch for the snapshot. */
  readonly keeper?: LogKeeper;
  readonly progress?: Progress;
}

export interface CreatedSnapshot {
  readonly manifest: Manifest;
  /** How many pairs of chunks were sealed, and how many were known. */
  readonly sealed: number;
  readonly kept: number;
}

/**
 * Seals the log up to a cut into a folder. Closed chunks that were sealed before are kept; the newest of them is sealed again
 * and compared, so that a folder of another database is noticed (`snapshots/other-log`). Killed at any point, it is run again.
 */
export async function createSnapshot(
  source: LogSource,
  folder: SnapshotFolder,
  options: CreateOptions = {},
): Promise<CreatedSnapshot> {
  const { chunkSequences = CHUNK_SEQUENCES, epoch = null, block = null, progress = noProgress } = options;
  const newest = await source.head();
  const cut = options.cut ?? newest;
  if (cut < 1) throw new SnapshotError("snapshots/empty-log", "The log has no entry to seal yet");
  if (cut > newest) {
    throw new SnapshotError("snapshots/invalid-request", `The log ends at ${newest}, before ${cut}`, { head: newest, cut });
  }
  const ranges = chunkRanges(cut, chunkSequences);
  const isClosed = ({ first, last }: ChunkRange) => last - first + 1 === chunkSequences;
  const known = await knownChunks(folder, ranges.filter(isClosed), chunkSequences);
  const closed = ranges[known.length - 1];
  if (closed !== undefined) await compareWithLog(source, closed, known.at(-1) ?? []);

  const chunks: ManifestChunk[] = known.flat();
  for (const range of ranges.slice(known.length)) {
    progress.update("sealing entries", range.first - 1, cut);
    for (const chunk of await seal(source, range)) {
      const { stream, bytes, digest, entries } = chunk;
      const compressed = await folder.saveChunk(digest, bytes);
      const sealed = { bytes: bytes.length, digest, entries, compressed };
      chunks.push({ stream, range, ...sealed });
      if (isClosed(range)) await folder.cache({ size: chunkSequences, number: range.number, stream, ...sealed });
    }
  }
  progress.update("sealing entries", cut, cut);
  progress.finish();
  const digest = snapshotDigest(chunks);
  const scorers = await source.scorers(cut);
  const head = { digest, sequence: cut, chunkSequences, epoch, block, createdAt: null, signature: null };
  const unsigned: Manifest = { ...head, scorers, chunks };
  const manifest = (await options.keeper?.sign(unsigned)) ?? (await signedBefore(folder, digest)) ?? unsigned;
  await folder.saveManifest(manifest);
  if (block !== null && (await folder.keepAt(block, digest)) !== digest) {
    const message = `Another snapshot was taken at block ${block} before; the first one stays that of the block`;
    throw new SnapshotError("snapshots/invalid-request", message, { block });
  }
  return { manifest, sealed: ranges.length - known.length, kept: known.length };
}

/** What a keeper signed stays where the same log is sealed again without one: nodes follow nothing else. */
async function signedBefore(folder: SnapshotFolder, digest: string): Promise<Manifest | undefined> {
  const there = await folder.manifest(digest);
  return there === undefined || there.signature === null ? undefined : there;
}

/** Both chunks of a range, sealed from the log. */
async function seal(source: LogSource, range: ChunkRange) {
  const records = await source.read(range.first, range.last);
  invariant(
    records.length === range.last - range.first + 1 &&
      records.every(({ sequence }, at) => sequence === range.first + at),
    `the log has a gap between the sequences ${range.first} and ${range.last}`,
  );
  return STREAMS.map((stream) => {
    const own = records.filter((record) => streamOf(record) === stream);
    const bytes = sealChunk(stream, range, own);
    return { stream, bytes, digest: chunkDigest(bytes), entries: own.length };
  });
}

/** The chunks that need not be sealed: known without a gap from the first on, with their files in place. */
async function knownChunks(
  folder: SnapshotFolder,
  closed: readonly ChunkRange[],
  size: number,
): Promise<ManifestChunk[][]> {
  const cached = new Map((await folder.cached(size)).map((chunk) => [`${chunk.number}|${chunk.stream}`, chunk]));
  const known: ManifestChunk[][] = [];
  for (const range of closed) {
    const pair = STREAMS.map((stream) => cached.get(`${range.number}|${stream}`));
    const there = await Promise.all(pair.map(async (chunk) => chunk !== undefined && (await folder.has(chunk))));
    if (!there.every(Boolean)) break;
    known.push((pair as CachedChunk[]).map((chunk) => manifestChunk(chunk, range)));
  }
  return known;
}

const manifestChunk = (
  { stream, bytes, digest, entries, compressed }: CachedChunk,
  range: ChunkRange,
): ManifestChunk => ({ stream, range, bytes, digest, entries, compressed });

async function compareWithLog(source: LogSource, range: ChunkRange, known: readonly ManifestChunk[]): Promise<void> {
  const sealed = await seal(source, range);
  if (sealed.every(({ digest }, at) => digest === known[at]?.digest)) return;
  const message = `The folder's chunk ${range.number} was sealed from another log; use an empty folder for this one`;
  throw new SnapshotError("snapshots/other-log", message, { chunk: range.number });
}
