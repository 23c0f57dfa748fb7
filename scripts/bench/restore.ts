// `npm run bench:restore [-- passports] [--json FILE]`: a mirror on loopback, and a process of its own that downloads a snapshot of
// so many passports with three stamps each, verifies it, loads it into PGlite and answers a score. Seconds are that process's, from
// its first request; memory is its largest resident set.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { DatabasePassportStore } from "../../src/database/database-passport-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import { restoreSnapshot } from "../../src/database/restore/restore-snapshot.js";
import { HttpMirror } from "../../src/http/snapshots/http-mirror.js";
import { createMirrorApp } from "../../src/http/snapshots/mirror-app.js";
import { silentLogger } from "../../src/shared/logger.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { createSnapshot } from "../../src/snapshots/create.js";
import { downloadSnapshot } from "../../src/snapshots/files/download.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { STREAMS, type Stream } from "../../src/snapshots/record.js";
import { accountOf, STAMPS, syntheticLog } from "./restore/synthetic-log.js";

interface Restored {
  readonly streams: readonly Stream[];
  readonly downloadSeconds: number;
  readonly loadSeconds: number;
  readonly firstScoreSeconds: number;
  readonly seconds: number;
  readonly rssMegabytes: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, url: { type: "string" }, streams: { type: "string" }, home: { type: "string" } },
});

if (values.url === undefined) await measure(Number(positionals[0] ?? 50_000));
else await restore(values.url, (values.streams ?? "").split(",") as Stream[], values.home ?? "");

async function restore(url: string, streams: Stream[], home: string): Promise<void> {
  const start = performance.now();
  const since = () => (performance.now() - start) / 1000;
  const progress = terminalProgress();
  const chunks = new SnapshotFolder(path.join(home, "chunks"));
  const manifest = await downloadSnapshot([new HttpMirror({ url })], chunks, { streams, progress });
  const downloadSeconds = since();
  const folder = path.join(home, "database");
  await restoreSnapshot(chunks, manifest, { kind: "folder", folder }, { streams, progress });
  const loadSeconds = since() - downloadSeconds;
  const db = await openDatabase({ kind: "folder", folder });
  const people = Math.floor(manifest.sequence / (STAMPS + 1));
  const score = await new DatabasePassportStore(db).score(1, accountOf(people - 1));
  if (score?.status !== "DONE" || score.stamps.length !== STAMPS) throw new Error("the last account has no score");
  const seconds = since();
  await db.destroy();
  const rssMegabytes = process.resourceUsage().maxRSS / 1024;
  const firstScoreSeconds = seconds - loadSeconds - downloadSeconds;
  const result: Restored = { streams, downloadSeconds, loadSeconds, firstScoreSeconds, seconds, rssMegabytes };
  console.log(JSON.stringify(result));
}

async function measure(passports: number): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), "touchstone-restore-"));
  const folder = new SnapshotFolder(path.join(home, "mirror"), { level: 1 });
  const app = await createMirrorApp({ folder, logger: silentLogger });
  try {
    const made = performance.now();
    const { manifest } = await createSnapshot(syntheticLog(passports), folder, { progress: terminalProgress() });
    const createSeconds = (performance.now() - made) / 1000;
    const sum = (key: "bytes" | "compressed") => manifest.chunks.reduce((all, chunk) => all + chunk[key], 0) / 2 ** 20;
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    const restores: Restored[] = [];
    for (const streams of [STREAMS, ["scores"] as const]) {
      const own = path.join(home, streams.join("-"));
      restores.push(await inChild(["--url", url, "--streams", streams.join(","), "--home", own]));
      await rm(own, { recursive: true, force: true });
    }
    const machine = { node: process.version, cores: cpus().length, processor: cpus()[0]?.model ?? "" };
    const sizes = { megabytes: sum("bytes"), compressedMegabytes: sum("compressed") };
    const result = { passports, stamps: STAMPS, ...machine, createSeconds, ...sizes, restores };
    console.log(JSON.stringify(result, null, 2));
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
}

function inChild(given: readonly string[]): Promise<Restored> {
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, ...given], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0) reject(new Error(`the restore ended with ${code}`));
      else resolve(JSON.parse(Buffer.concat(pieces).toString()) as Restored);
    });
  });
}
