// Chunks from mirrors that nobody has to trust: in parallel, resumed where a file was left, and never a byte more than the
// manifest promises. What one mirror spoils the next one mends.
import { open, readFile, rm, stat } from "node:fs/promises";

import { noProgress, type Progress } from "../../shared/progress.js";
import { SnapshotError } from "../errors.js";
import { manifestHash, type Manifest, type ManifestChunk } from "../manifest.js";
import type { SnapshotMirror } from "../ports.js";
import { STREAMS, type Stream } from "../record.js";
import { decompressChunk } from "./compression.js";
import type { SnapshotFolder } from "./snapshot-folder.js";

export interface DownloadOptions {
  /** The snapshot that a certificate names; without it, the newest of the first mirror whose snapshot can be fetched. */
  readonly digest?: string;
  /** The manifest of this very snapshot, where the caller has it and believes it: none is asked for. */
  readonly manifest?: Manifest;
  /** Looks at what was fetched before the manifest is kept; where it throws a `SnapshotError`, the next mirror's manifest is tried. */
  readonly accept?: (manifest: Manifest) => Promise<void>;
  readonly streams?: readonly Stream[];
  /** How many chunks at a time. */
  readonly parallel?: number;
  /** How often each mirror is asked for a chunk. */
  readonly rounds?: number;
  readonly progress?: Progress;
}

/**
 * Fetches a snapshot into a folder and gives its manifest, which is written last. A manifest whose chunks nobody has, or that does not
 * hold, may be a liar's: sizes and counts are no part of the digest. The next mirror's is tried then. Throws `snapshots/mirror-failed`.
 */
export async function downloadSnapshot(
  mirrors: readonly SnapshotMirror[],
  folder: SnapshotFolder,
  options: DownloadOptions = {},
): Promise<Manifest> {
  const { digest, manifest: given, accept } = options;
  const failures: string[] = [];
  const tried = new Set<string>();
  for await (const manifest of given === undefined ? manifestsOf(mirrors, digest, failures) : [given]) {
    const name = manifestHash(manifest);
    if (tried.has(name)) continue;
    tried.add(name);
    try {
      await fetchChunks(mirrors, folder, manifest, options);
      await accept?.(manifest);
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      failures.push(error.message);
      continue;
    }
    await folder.saveManifest(manifest);
    return manifest;
  }
  throw failed(tried.size === 0 ? "No mirror gives the manifest" : "No mirror gives the snapshot", failures);
}

/** The mirrors' manifests, each asked for when the one before was of no use. */
async function* manifestsOf(
  mirrors: readonly SnapshotMirror[],
  digest: string | undefined,
  failures: string[],
): AsyncGenerator<Manifest> {
  for (const mirror of mirrors) {
    let manifest: Manifest | undefined;
    try {
      manifest = await mirror.manifest(digest);
    } catch (error) {
      failures.push(`${mirror.name}: ${messageOf(error)}`);
      continue;
    }
    if (manifest === undefined) failures.push(`${mirror.name}: it has no such snapshot`);
    else if (digest === undefined || manifest.digest === digest) yield manifest;
    else failures.push(`${mirror.name}: it gave ${manifest.digest}`);
  }
}

async function fetchChunks(
  mirrors: readonly SnapshotMirror[],
  folder: SnapshotFolder,
  manifest: Manifest,
  { streams = STREAMS, parallel = 4, rounds = 3, progress = noProgress }: DownloadOptions,
): Promise<void> {
  const wanted = manifest.chunks.filter(({ stream }) => streams.includes(stream));
  const total = wanted.reduce((sum, { compressed }) => sum + compressed, 0);
  const queue = wanted.entries();
  let done = 0;
  let stopped = false;
  const worker = async (number: number) => {
    for (const [at, chunk] of queue) {
      if (stopped) return;
      // Workers begin at different mirrors.
      const order = mirrors.map((_mirror, index) => mirrors[(index + number + at) % mirrors.length] as SnapshotMirror);
      if (!(await folder.has(chunk))) await fetchChunk(order, folder, chunk, rounds);
      done += chunk.compressed;
      progress.update("downloading bytes", done, total);
    }
  };
  const workers = Array.from({ length: Math.max(1, Math.min(parallel, wanted.length)) }, (_, number) =>
    worker(number).catch((error: unknown) => {
      stopped = true;
      throw error;
    }),
  );
  // All of them end before another manifest is tried: two must not write one part.
  const ends = await Promise.allSettled(workers);
  const failure = ends.find((end) => end.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  progress.finish();
}

async function fetchChunk(
  mirrors: readonly SnapshotMirror[],
  folder: SnapshotFolder,
  chunk: ManifestChunk,
  rounds: number,
): Promise<void> {
  const failures: string[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const mirror of mirrors) {
      try {
        await fetchOnce(mirror, folder, chunk);
        return;
      } catch (error) {
        failures.push(`${mirror.name}: ${messageOf(error)}`);
      }
    }
  }
  throw failed(`No mirror gives chunk ${chunk.range.number} (${chunk.stream})`, failures);
}

async function fetchOnce(mirror: SnapshotMirror, folder: SnapshotFolder, chunk: ManifestChunk): Promise<void> {
  const { digest, compressed } = chunk;
  const part = await folder.partFile(digest);
  const have = await stat(part).then(({ size }) => size, () => 0);
  // A part that is too long is nobody's; a whole one is only checked.
  if (have > compressed) await rm(part);
  if (have !== compressed) await append(mirror, part, chunk, have > compressed ? 0 : have);
  try {
    await decompressChunk(chunk, await readFile(part));
  } catch (error) {
    // Any of its bytes may be the wrong ones, and any of the mirrors that gave them: from the start.
    await rm(part, { force: true });
    throw error;
  }
  await folder.keepPart(digest);
}

async function append(mirror: SnapshotMirror, part: string, chunk: ManifestChunk, have: number): Promise<void> {
  const { from, body } = await mirror.fetchChunk(chunk, have);
  if (from !== have && from !== 0) throw wrong("answered with another range");
  // A server may ignore the range and send everything.
  const handle = await open(part, from === 0 ? "w" : "a");
  try {
    let length = from;
    for await (const piece of body) {
      length += piece.length;
      if (length > chunk.compressed) throw wrong("sends more than the manifest says");
      await handle.writeFile(piece);
    }
    if (length < chunk.compressed) throw wrong("ended early");
    await handle.sync();
  } catch (error) {
    // What was too much spoils the part; what came before a break is kept.
    if (error instanceof SnapshotError && error.details["spoiled"] === true) await handle.truncate(0);
    throw error;
  } finally {
    await handle.close();
  }
}

const wrong = (problem: string) =>
  new SnapshotError("snapshots/wrong-chunk", `it ${problem}`, { spoiled: problem !== "ended early" });

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function failed(what: string, failures: readonly string[]): SnapshotError {
  const reasons = [...new Set(failures)];
  return new SnapshotError("snapshots/mirror-failed", `${what}: ${reasons.join("; ")}`, { reasons });
}
