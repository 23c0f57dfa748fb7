// What snapshots need from the world: a log to seal, a place for chunks, somewhere to fetch them.
import type { ManifestChunk, Manifest, SnapshotScorer } from "./manifest.js";
import type { SnapshotRecord } from "./record.js";

/** The passport log of a database. */
export interface LogSource {
  /** The newest sequence. */
  head(): Promise<number>;
  /** The records from `first` to `last`, both inclusive, sorted; the log has one for each sequence. */
  read(first: number, last: number): Promise<SnapshotRecord[]>;
  /** The log's end at a time, in seconds: the sequence before the first entry that is later; 0 before the first of all. */
  cutAt(time: number): Promise<number>;
  /** The scorers as they stood at a sequence. */
  scorers(cut: number): Promise<SnapshotScorer[]>;
}

/** Where snapshots are read from. Nothing that it gives is believed: callers check it. */
export interface SnapshotReader {
  /** The manifest of a digest; of the newest snapshot without one. Undefined when there is none. */
  manifest(digest?: string): Promise<Manifest | undefined>;
  /** A chunk as it was sealed: decompressed within the manifest's bound, its digest compared. */
  chunk(chunk: ManifestChunk): Promise<Buffer>;
}

/** A mirror that sends chunks as they are stored. */
export interface SnapshotMirror {
  /** For messages. */
  readonly name: string;
  manifest(digest?: string): Promise<Manifest | undefined>;
  /** The manifest of the snapshot that was taken at a block of the chain. */
  manifestAt(block: number): Promise<Manifest | undefined>;
  /** The compressed chunk from a byte on; the first piece says from which byte it really is. */
  fetchChunk(chunk: ManifestChunk, from: number): Promise<{ from: number; body: AsyncIterable<Uint8Array> }>;
}
