import { DomainError } from "../shared/errors.js";

export type SnapshotErrorCode =
  /** A manifest that is not in the format, contradicts itself, or does not hash to its own digest. */
  | "snapshots/malformed-manifest"
  /** A chunk whose bytes are not in the format. */
  | "snapshots/malformed-chunk"
  /** A chunk is absent from a folder or a mirror. */
  | "snapshots/missing-chunk"
  /** A chunk has another digest, length or range than the manifest says. */
  | "snapshots/wrong-chunk"
  /** The snapshot is not the one that was asked for. */
  | "snapshots/wrong-digest"
  /** There is no such snapshot. */
  | "snapshots/unknown-snapshot"
  /** The folder's chunks were sealed from another log. */
  | "snapshots/other-log"
  /** The log has no entry to seal. */
  | "snapshots/empty-log"
  /** The log holds something that the format cannot say. */
  | "snapshots/unsealable"
  /** A credential of the log does not verify. */
  | "snapshots/bad-credential"
  /** The log's scores are not those that follow from its stamps. */
  | "snapshots/scores-differ"
  /** An entry of the log is dated before those in front of it, or after the snapshot. */
  | "snapshots/bad-time"
  /** A snapshot that no keeper of the log signed. */
  | "snapshots/unsigned"
  /** A snapshot that somebody signed who is no keeper of the log. */
  | "snapshots/foreign-keeper"
  /** The database to restore into is not empty. */
  | "snapshots/database-not-empty"
  /** No mirror gives what the manifest promises. */
  | "snapshots/mirror-failed"
  | "snapshots/invalid-request";

export class SnapshotError extends DomainError<SnapshotErrorCode> {}
