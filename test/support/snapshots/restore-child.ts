// A process that a test kills: `create FOLDER PEOPLE` or `restore FROM DATA CHUNKS`. It writes a line whenever it has come further.
import { fetchAndRestore } from "../../../src/bin/fetch-and-restore.js";
import type { DatabaseLocation } from "../../../src/database/open-database.js";
import { Secret } from "../../../src/shared/secret.js";
import type { Progress } from "../../../src/shared/progress.js";
import { createSnapshot } from "../../../src/snapshots/create.js";
import { SnapshotFolder } from "../../../src/snapshots/files/snapshot-folder.js";
import { STREAMS } from "../../../src/snapshots/record.js";
import { syntheticLog } from "../../../scripts/bench/restore/synthetic-log.js";

const SIZE = { chunkSequences: 256 };
const [mode = "", first = "", second = "", third = ""] = process.argv.slice(2);
const progress: Progress = {
  update: (stage, done, total) => console.log(`${stage}|${done}|${total ?? 0}`),
  finish: () => {},
};
if (mode === "create") {
  await createSnapshot(syntheticLog(Number(second)), new SnapshotFolder(first), { ...SIZE, progress });
} else {
  const location: Exclude<DatabaseLocation, { kind: "memory" }> = second.startsWith("postgres")
    ? { kind: "server", url: new Secret(second) }
    : { kind: "folder", folder: second };
  await fetchAndRestore({ from: first, location, chunks: third, streams: STREAMS, progress, ...SIZE });
}
console.log("done");
