import { spawn } from "node:child_process";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

import { expect } from "chai";

import { startMirror } from "../../src/bin/start-mirror.js";
import { openDatabase, type DatabaseLocation } from "../../src/database/open-database.js";
import { DatabaseLogSource } from "../../src/database/snapshot-log.js";
import { silentLogger } from "../../src/shared/logger.js";
import { createSnapshot } from "../../src/snapshots/create.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { syntheticLog } from "../../scripts/bench/restore/synthetic-log.js";
import { engines } from "../support/databases.js";

const PEOPLE = 600;
const CHILD = path.resolve(import.meta.dirname, "../support/snapshots/restore-child.ts");

/** Runs the child and kills it when a line of its progress is the one; gives its last line. */
async function runChild(given: readonly string[], killAt?: (line: string) => boolean): Promise<string> {
  const child = spawn(process.execPath, ["--import", "tsx", CHILD, ...given], { stdio: ["ignore", "pipe", "pipe"] });
  const errors: Buffer[] = [];
  child.stderr.on("data", (piece: Buffer) => errors.push(piece));
  const ended = new Promise<string | null>((resolve) => child.once("close", (_code, signal) => resolve(signal)));
  let last = "";
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (killAt?.(line) === true) child.kill("SIGKILL");
  }
  const signal = await ended;
  if (killAt !== undefined) expect(signal, `${last} ${Buffer.concat(errors).toString()}`).to.equal("SIGKILL");
  else expect(last, Buffer.concat(errors).toString()).to.equal("done");
  return last;
}

describe("snapshots and processes that are killed", function () {
  this.timeout(120_000);
  let home: string;
  let digest: string;
  const closers: (() => Promise<unknown>)[] = [];
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), "touchstone-killed-"));
    const folder = new SnapshotFolder(path.join(home, "mirror"));
    ({ digest } = (await createSnapshot(syntheticLog(PEOPLE), folder, { chunkSequences: 256 })).manifest);
  });
  after(async () => {
    for (const close of closers.reverse()) await close();
    await rm(home, { recursive: true, force: true });
  });

  it("snapshot/create-survives-kill: run again, it goes on and gives the same digest", async () => {
    const place = path.join(home, "created");
    const folder = new SnapshotFolder(place);
    await runChild(["create", place, String(PEOPLE)], (line) => Number(line.split("|")[1]) > 1_000);
    expect(await folder.list()).to.deep.equal([]);
    const { manifest, kept } = await createSnapshot(syntheticLog(PEOPLE), folder, { chunkSequences: 256 });
    expect(manifest.digest).to.equal(digest);
    expect(kept).to.be.greaterThan(2);
  });

  for (const engine of engines) {
    it(`snapshot/restore-survives-kill: in the download, the load and the indexes, on ${engine.name}`, async () => {
      const mirror = await startMirror(
        { folder: path.join(home, "mirror"), host: "127.0.0.1", port: 0, stamps: true },
        { logger: silentLogger },
      );
      closers.push(() => mirror.close());
      const database = await engine.create();
      closers.push(() => database.drop());
      const location = database.location as Exclude<DatabaseLocation, { kind: "memory" }>;
      const data = location.kind === "folder" ? location.folder : location.url.expose();
      const given = ["restore", mirror.url, data, path.join(home, `chunks of ${engine.name}`)];
      for (const stage of ["downloading", "restoring", "building"]) {
        await runChild(given, (line) => line.startsWith(stage));
        // Nothing of it can be seen: no folder, or a server's database without a row.
        if (location.kind === "folder") {
          expect(
            await access(location.folder).then(
              () => "there",
              () => "absent",
            ),
          ).to.equal("absent");
        } else {
          const db = await openDatabase(location);
          expect(await new DatabaseLogSource(db).head()).to.equal(0);
          await db.destroy();
        }
      }
      await runChild(given);
      const db = await openDatabase(location);
      const again = new SnapshotFolder(path.join(home, `again of ${engine.name}`));
      const { manifest } = await createSnapshot(new DatabaseLogSource(db), again, { chunkSequences: 256 });
      await db.destroy();
      expect(manifest.digest).to.equal(digest);
    });
  }
});
