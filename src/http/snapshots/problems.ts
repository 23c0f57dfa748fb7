import type { SnapshotErrorCode } from "../../snapshots/errors.js";
import type { ProblemType } from "../problems.js";

/** What only a mirror's routes answer. */
export type MirrorErrorCode = "snapshots/not-public" | "snapshots/bad-range";

export type SnapshotProblemCode =
  MirrorErrorCode | Extract<SnapshotErrorCode, "snapshots/unknown-snapshot" | "snapshots/missing-chunk">;

/** A mirror's part of the table from error code to HTTP status. */
export const SNAPSHOT_PROBLEMS = {
  "snapshots/unknown-snapshot": {
    status: 404,
    title: "There is no such snapshot",
    remedy: "List the snapshots, or ask another mirror: each keeps what it was given.",
  },
  "snapshots/missing-chunk": {
    status: 404,
    title: "The chunk is not here",
    remedy: "Ask another mirror; in a folder, fetch it again with `snapshot restore` from a mirror.",
  },
  "snapshots/not-public": {
    status: 403,
    title: "Stamps go to registered signers alone",
    remedy: "Restore scores: `snapshot restore --scores-only`. Signers ask the aggregator that knows them.",
  },
  "snapshots/bad-range": {
    status: 416,
    title: "The range lies outside of the chunk",
    remedy: "Ask for bytes=FROM- or bytes=FROM-TO below the size in Content-Range.",
  },
} as const satisfies Record<SnapshotProblemCode, ProblemType>;
