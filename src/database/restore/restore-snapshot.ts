import { access, rename, rm } from "node:fs/promises";

import { noProgress, type Progress } from "../../shared/progress.js";
import { SnapshotError } from "../../snapshots/errors.js";
import type { Manifest } from "../../snapshots/manifest.js";
import type { SnapshotReader } from "../../snapshots/ports.js";
import { readSnapshot } from "../../snapshots/read-snapshot.js";
import { STREAMS, type Stream } from "../../snapshots/record.js";
import { lockFolder } from "../folder-lock.js";
import type { DatabaseLocation } from "../open-database.js";
import { openBulkTarget } from "./bulk-target.js";
import { loadSnapshot, type LoadedSnapshot } from "./load-snapshot.js";

export interface RestoreOptions {
  readonly streams?: readonly Stream[];
  readonly progress?: Progress;
}

/**
 * Restores a snapshot whose chunks are at hand into a database of its own. On a server everything is one transaction; a PGlite
 * folder is filled beside its place and renamed. So a restore that is killed is simply run again.
 *
 * Throws `snapshots/database-not-empty`, and what reading the chunks throws.
 */
export async function restoreSnapshot(
  reader: SnapshotReader,
  manifest: Manifest,
  location: Exclude<DatabaseLocation, { kind: "memory" }>,
  options: RestoreOptions = {},
): Promise<LoadedSnapshot> {
  if (location.kind === "server") return fill(reader, manifest, location, options);
  const { folder } = location;
  const unlock = await lockFolder(folder);
  try {
    if (await exists(folder)) {
      const message = `${folder} exists already; restore into a folder that does not, or move it away`;
      throw new SnapshotError("snapshots/database-not-empty", message, { folder });
    }
    const beside = `${folder.replace(/\/+$/, "")}.restoring`;
    await rm(beside, { recursive: true, force: true });
    const loaded = await fill(reader, manifest, { kind: "folder", folder: beside }, options);
    await rename(beside, folder);
    return loaded;
  } finally {
    await unlock();
  }
}

const exists = (folder: string) =>
  access(folder).then(
    () => true,
    () => false,
  );

async function fill(
  reader: SnapshotReader,
  manifest: Manifest,
  location: Exclude<DatabaseLocation, { kind: "memory" }>,
  { streams = STREAMS, progress = noProgress }: RestoreOptions,
): Promise<LoadedSnapshot> {
  const target = await openBulkTarget(location);
  try {
    const pages = readSnapshot(reader, manifest, { streams, progress, stage: "restoring entries" });
    const loaded = await loadSnapshot(target, manifest, pages, { streams, progress });
    // Afterwards: a plan without statistics is slow, not wrong.
    await target.run("analyze");
    return loaded;
  } finally {
    await target.close();
  }
}
