import type { VerificationSource } from "../scoring/service/ports.js";
import type { Progress } from "../shared/progress.js";
import { SnapshotError } from "./errors.js";
import type { Manifest } from "./manifest.js";
import type { SnapshotReader } from "./ports.js";
import { readSnapshot } from "./read-snapshot.js";
import type { Stream } from "./record.js";
import { STREAMS } from "./record.js";
import { LogReplay, type ReplayCounts } from "./replay-log.js";

export interface VerifyOptions {
  /** The digest that a certificate names. */
  readonly digest?: string;
  readonly streams?: readonly Stream[];
  /** Whether every score is computed again. */
  readonly replay?: boolean;
  /** With it, credentials are verified too; implies `replay`. */
  readonly trust?: VerificationSource;
  readonly progress?: Progress;
}

export interface VerifiedSnapshot {
  readonly manifest: Manifest;
  readonly entries: number;
  /** Null where nothing was replayed. */
  readonly replayed: ReplayCounts | null;
}

/** Checks a snapshot at hand: manifest, root, every chunk's digest and form, and on request all that its log states. */
export async function verifySnapshot(reader: SnapshotReader, options: VerifyOptions = {}): Promise<VerifiedSnapshot> {
  const { digest, streams = STREAMS, trust = null, progress } = options;
  const manifest = await reader.manifest(digest);
  if (manifest === undefined) {
    throw new SnapshotError("snapshots/unknown-snapshot", `There is no snapshot ${digest ?? "here"}`, { digest });
  }
  const wanted = options.replay === true || trust !== null;
  if (wanted && streams.length < STREAMS.length) {
    throw new SnapshotError("snapshots/invalid-request", "Scores can only be computed again where the stamps are");
  }
  const replay = wanted ? new LogReplay({ trust }) : null;
  let entries = 0;
  const stage = "verifying entries";
  for await (const { records } of readSnapshot(reader, manifest, { streams, stage, ...(progress && { progress }) })) {
    entries += records.length;
    if (replay !== null) for (const record of records) replay.apply(record, manifest.createdAt ?? undefined);
  }
  return { manifest, entries, replayed: replay?.counts ?? null };
}
