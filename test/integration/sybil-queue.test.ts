import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { sql, type Kysely } from "kysely";

import { nearestByMetricQueued } from "../../src/bin/sybil/nearest-queued.js";
import { openSybilQueue, type SybilQueue } from "../../src/bin/sybil/open-queue.js";
import { workSybilBlocksOnce } from "../../src/bin/sybil/worker.js";
import { openDatabase } from "../../src/database/open-database.js";
import type { Database } from "../../src/database/schema.js";
import { DatabaseSearchStore } from "../../src/database/sybil/search-store.js";
import { silentLogger } from "../../src/shared/logger.js";
import { noProgress } from "../../src/shared/progress.js";
import { Secret } from "../../src/shared/secret.js";
import { nearestDistances } from "../../src/sybil/dna/donor-dna.js";
import type { TokenSets } from "../../src/sybil/dna/fingerprints.js";
import type { Metric } from "../../src/sybil/dna/nearest.js";
import type { NearestByMetric } from "../../src/sybil/features/compute-features.js";
import { parseFarms } from "../../src/sybil/generate/farms/parse-farms.js";
import { generateRound } from "../../src/sybil/generate/generate-round.js";
import { writeGeneratedRound } from "../../src/sybil/generate/write-round.js";
import { encodeSets } from "../../src/sybil/queue/encode-sets.js";
import { enqueueSearch, findQueued } from "../../src/sybil/queue/find-queued.js";
import type { SearchStore } from "../../src/sybil/queue/ports.js";
import { BlockWorker } from "../../src/sybil/queue/work-block.js";
import { pseudonymous } from "../../src/sybil/report/pseudonyms.js";
import { runReport } from "../../src/sybil/report/run-report.js";
import { runTask } from "../support/child-node.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { generatedSets } from "../support/sybil/sets.js";

const DEADLINE = 20_000;
const ROWS = 9_000;
const BLOCKS = 5;
/** These tasks need no chain. */
const NO_NODE = { url: "http://127.0.0.1:1" };

async function until(ask: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + DEADLINE; Date.now() < end;) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("no answer in time");
}

/** Starts a process that waits until it is told to go. */
async function startChild(environment: Record<string, string>) {
  const child = spawn(process.execPath, ["--import", "tsx", "test/support/sybil/killed-process.ts"], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, "exit").then(([, signal]) => signal as NodeJS.Signals | null);
  await Promise.race([once(child, "message"), ended]);
  return { child, ended, go: () => child.send("go") };
}

/** The store, counting what is written. */
class CountingStore extends DatabaseSearchStore {
  saved = 0;

  override saveBlock(...args: Parameters<SearchStore["saveBlock"]>): ReturnType<SearchStore["saveBlock"]> {
    this.saved += 1;
    return super.saveBlock(...args);
  }
}

// Several processes need a server; PGlite has one.
for (const engine of engines.filter(({ name }) => name === "PostgreSQL")) {
  describe("a search on PostgreSQL with workers in processes of their own", function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let url: Secret;
    let db: Kysely<Database>;
    let queue: SybilQueue;
    let folder: string;

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
      database = await engine.create();
      url = new Secret(database.environment["DATABASE_URL"] ?? "");
      queue = await openSybilQueue(url, silentLogger, { pieceSeconds: 2, superviseSeconds: 1 });
      db = await openDatabase(database.location);
    });
    afterEach(async () => {
      for (const table of ["sybil_searches", "sybil_inputs", "pgboss.job"])
        await sql`delete from ${sql.table(table)}`.execute(db);
    });
    after(async () => {
      await queue?.close();
      await db?.destroy();
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    });

    const options = (blocks: number, store = queue.store) => ({ store, queue, blocks, threads: 1, now: Date.now() });
    const count = async (table: "sybil_searches" | "sybil_inputs" | "sybil_blocks") =>
      (
        await db
          .selectFrom(table)
          .select(sql<number>`count(*)`.as("rows"))
          .executeTakeFirstOrThrow()
      ).rows;
    async function expectNothingLeft(): Promise<void> {
      for (const table of ["sybil_searches", "sybil_inputs", "sybil_blocks"] as const) {
        expect(await count(table), table).to.equal(0);
      }
    }

    it("sybil/a-killed-workers-block-is-done-by-another", async () => {
      const sets = generatedSets(ROWS, 1);
      const worker = { ROLE: "worker", ...database.environment };
      const [search, dying, other] = await Promise.all([
        enqueueSearch(sets, "jaccard", options(BLOCKS)),
        startChild({ ...worker, KILL_FROM: "1024" }),
        startChild(worker),
      ]);
      try {
        dying.go();
        expect(await dying.ended).to.equal("SIGKILL");
        expect(await count("sybil_blocks"), "killed in the middle of its first block").to.equal(0);
        other.go();
        await until(async () => (await count("sybil_blocks")) === BLOCKS);
      } finally {
        dying.child.kill("SIGKILL");
        other.child.kill("SIGTERM");
      }
      const store = new CountingStore(db);
      expect(await store.find(search.id)).to.deep.equal(search);
      expect(await findQueued(sets, "jaccard", options(BLOCKS, store))).to.deep.equal(
        nearestDistances(sets, "jaccard"),
      );
      expect(store.saved, "the workers did all").to.equal(0);
      await expectNothingLeft();
      await other.ended;
    });

    it("sybil/a-killed-coordinator-finds-what-is-there", async () => {
      const sets = generatedSets(ROWS, 2);
      const role = { ROLE: "coordinator", ROWS: String(ROWS), SEED: "2", BLOCKS: String(BLOCKS) };
      const dying = await startChild({ ...role, ...database.environment, KILL_FROM: "5000" });
      try {
        dying.go();
        expect(await dying.ended).to.equal("SIGKILL");
      } finally {
        dying.child.kill("SIGKILL");
      }
      const left = await count("sybil_blocks");
      expect(left).to.be.within(1, BLOCKS - 1);
      const store = new CountingStore(db);
      expect(await findQueued(sets, "jaccard", options(BLOCKS, store))).to.deep.equal(
        nearestDistances(sets, "jaccard"),
      );
      expect(store.saved).to.equal(BLOCKS - left);
      await expectNothingLeft();
    });

    it("sybil/a-block-delivered-twice-changes-nothing", async () => {
      const sets = generatedSets(400, 3);
      const search = await enqueueSearch(sets, "hamming", options(3));
      const piece = { search: search.id, block: 1 };
      const worker = new BlockWorker(queue.store, { threads: 1 });
      expect(await worker.work(piece)).to.equal("done");
      expect(await worker.work(piece)).to.equal("over");
      const result = (await queue.store.results(search.id, []))[0]?.result ?? Buffer.alloc(0);
      const save = (input: string, bytes: Buffer) => queue.store.saveBlock(piece, input, bytes);
      expect(await save(search.input, result)).to.equal("there");
      expect(await save(search.input, Buffer.alloc(result.length))).to.equal("differs");
      expect(await save("0".repeat(64), result)).to.equal("other-input");
      const missing = { search: search.id, block: 0 };
      expect(await queue.store.saveBlock(missing, "0".repeat(64), result)).to.equal("other-input");
      expect(await queue.store.hasBlock(missing)).to.equal(false);
      expect((await queue.store.results(search.id, []))[0]?.result.equals(result)).to.equal(true);
      expect(await queue.store.results(search.id, [1])).to.deep.equal([]);
      // Both that find it not done at the same time store it.
      const again = { search: search.id, block: 2 };
      const both = [worker, new BlockWorker(queue.store, { threads: 1 })].map((one) => one.work(again));
      await Promise.all(both);
      await queue.add(again);
      expect(await workSybilBlocksOnce(url, { logger: silentLogger }), "block 0 alone was left").to.equal(1);
      expect(await findQueued(sets, "hamming", options(3))).to.deep.equal(nearestDistances(sets, "hamming"));
      expect(await save(search.input, result)).to.equal("gone");
      expect(await worker.work(piece)).to.equal("over");
      await expectNothingLeft();
    });

    it("sybil/a-damaged-input-is-refused", async () => {
      const sets = generatedSets(400, 4);
      // Several parts, of which one is changed and one is lost.
      const store = new DatabaseSearchStore(db, 1_000);
      const search = await enqueueSearch(sets, "jaccard", options(2, store));
      const input = encodeSets(sets);
      expect((await store.input(search.input)).equals(input)).to.equal(true);
      const refusal = () =>
        workSybilBlocksOnce(url, { logger: silentLogger }).then(
          () => "none",
          (error: { code?: string }) => error.code,
        );
      await sql`update sybil_inputs set bytes = set_byte(bytes, 996, (get_byte(bytes, 996) + 1) % 256) where part = 1`.execute(
        db,
      );
      expect(await refusal()).to.equal("sybil/damaged-search");
      await sql`delete from sybil_inputs where part = 2`.execute(db);
      expect(await refusal()).to.equal("sybil/damaged-search");
      expect(await count("sybil_blocks")).to.equal(0);
      // Asked again, the coordinator mends it.
      await enqueueSearch(sets, "jaccard", options(2, store));
      expect((await store.input(search.input)).equals(input)).to.equal(true);
      expect(await workSybilBlocksOnce(url, { logger: silentLogger })).to.equal(2);
      expect(await findQueued(sets, "jaccard", options(2))).to.deep.equal(nearestDistances(sets, "jaccard"));
      await expectNothingLeft();
    });

    it("keeps an input that another search has", async () => {
      const sets = generatedSets(200, 5);
      const other = await enqueueSearch(sets, "hamming", options(2));
      await findQueued(sets, "jaccard", options(2));
      expect((await queue.store.input(other.input)).equals(encodeSets(sets))).to.equal(true);
      const found = await nearestByMetricQueued(sets, { database: url, blocks: 2, threads: 1 });
      for (const metric of ["jaccard", "hamming"] satisfies Metric[]) {
        expect(found[metric]).to.deep.equal(nearestDistances(sets, metric));
      }
      await expectNothingLeft();
    });

    it("sybil/queued-file-equals-one-process", async () => {
      const sets = generatedSets(500, 6);
      const rows = Array.from({ length: 500 }, (_, row) => {
        const bits = [...sets.tokens.subarray(sets.starts[row], sets.starts[row + 1])];
        return `d${row},${bits.map((bit) => `b${bit}`).join(" ")}`;
      });
      const [file, alone, queued] = ["in.csv", "alone.csv", "queued.csv"].map((name) => path.join(folder, name));
      await writeFile(file as string, `donor,bits\n${rows.join("\n")}\n`);
      await enqueueSearch(generatedSets(300, 7), "jaccard", options(3));
      const dna = (...args: string[]) => runTask(NO_NODE, "sybil", "dna", file as string, "--out", ...args);
      const [one, other, worker, wrong] = await Promise.all([
        dna(alone as string),
        dna(queued as string, "--database", url.expose(), "--blocks", "4"),
        runTask(NO_NODE, "sybil", "worker", "--database", url.expose(), "--once", "--json"),
        dna(path.join(folder, "none.csv"), "--database", "postgres://postgres@127.0.0.1:1/none"),
      ]);
      expect([one.code, other.code, worker.code], other.stderr + worker.stderr).to.deep.equal([0, 0, 0]);
      expect((JSON.parse(worker.stdout) as { blocks: number }).blocks).to.be.at.least(3);
      expect((await readFile(queued as string)).equals(await readFile(alone as string))).to.equal(true);
      expect(wrong.code).to.equal(1);
      expect(wrong.stderr).to.include("sybil/database-unavailable");
    });

    it("sybil/queued-report-equals-one-process", async () => {
      const generated = generateRound({ donors: 300, projects: 20, farms: parseFarms("copy:30") });
      const place = path.join(folder, "round");
      await writeGeneratedRound(place, generated);
      const report = async (out: string, nearest?: (sets: TokenSets) => Promise<NearestByMetric>) => {
        const naming = pseudonymous(Buffer.alloc(32, 7));
        const wishes = { force: false, naming, seed: undefined, priceFactor: undefined, progress: noProgress };
        return runReport({ place, out: path.join(folder, out), ...wishes, nearest });
      };
      const alone = await report("alone");
      let asked = 0;
      const queued = await report("queued", (sets) => {
        asked += 1;
        return nearestByMetricQueued(sets, { database: url, blocks: 3, threads: 1 });
      });
      expect(asked).to.equal(1);
      expect(queued.hash).to.equal(alone.hash);
      await expectNothingLeft();
    });
  });
}
