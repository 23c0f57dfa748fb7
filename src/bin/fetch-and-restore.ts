import { restoreSnapshot } from "../database/restore/restore-snapshot.js";
import type { LoadedSnapshot } from "../database/restore/load-snapshot.js";
import type { DatabaseLocation } from "../database/open-database.js";
import { HttpMirror } from "../http/snapshots/http-mirror.js";
import type { Progress } from "../shared/progress.js";
import { SnapshotError } from "../snapshots/errors.js";
import { downloadSnapshot } from "../snapshots/files/download.js";
import { SnapshotFolder } from "../snapshots/files/snapshot-folder.js";
import type { Manifest } from "../snapshots/manifest.js";
import type { Stream } from "../snapshots/record.js";

export interface FetchAndRestore {
  /** A folder of snapshots, or URLs of mirrors separated by commas. */
  readonly from: string;
  readonly location: Exclude<DatabaseLocation, { kind: "memory" }>;
  /** Where downloaded chunks are kept, so that a restore that is killed fetches nothing twice. */
  readonly chunks: string;
  readonly digest?: string;
  readonly streams: readonly Stream[];
  readonly parallel?: number;
  /** Of mirrors' snapshots; the network's constant unless told. */
  readonly chunkSequences?: number;
  readonly progress: Progress;
}

/** Brings a snapshot to this machine where it is not here yet, and restores it into a database of its own. */
export async function fetchAndRestore(
  given: FetchAndRestore,
): Promise<{ readonly manifest: Manifest; readonly loaded: LoadedSnapshot }> {
  const { from, location, streams, digest, parallel, progress } = given;
  const isRemote = /^https?:\/\//.test(from);
  const folder = new SnapshotFolder(isRemote ? given.chunks : from);
  const size = given.chunkSequences === undefined ? {} : { chunkSequences: given.chunkSequences };
  const wanted = digest === undefined ? {} : { digest };
  const manifest = isRemote
    ? await downloadSnapshot(
        from.split(",").map((url) => new HttpMirror({ url: url.trim(), ...size })),
        folder,
        { ...wanted, streams, progress, ...(parallel === undefined ? {} : { parallel }) },
      )
    : await folder.manifest(digest);
  if (manifest === undefined) {
    throw new SnapshotError(
      "snapshots/unknown-snapshot",
      `There is no snapshot ${digest === undefined ? "" : `${digest} `}in ${from}`,
      { from },
    );
  }
  return { manifest, loaded: await restoreSnapshot(folder, manifest, location, { streams, progress }) };
}
