import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { openDatabase, type DatabaseLocation } from "../../src/database/open-database.js";
import { restoreSnapshot } from "../../src/database/restore/restore-snapshot.js";
import { DatabaseLogSource } from "../../src/database/snapshot-log.js";
import { createSnapshot, type CreateOptions } from "../../src/snapshots/create.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { LogKeeper } from "../../src/snapshots/keeper.js";
import { LOG_CLOCK_SKEW, timeOf } from "../../src/snapshots/log-times.js";
import type { SnapshotRecord } from "../../src/snapshots/record.js";
import { LogReplay } from "../../src/snapshots/replay-log.js";
import { SignerLog } from "../../src/snapshots/signer-log.js";
import { scoreTreeOf } from "../../src/snapshots/score-roots.js";
import { verifySnapshot } from "../../src/snapshots/verify-snapshot.js";
import { logSource } from "../support/snapshots/records.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { indexesOf, liveThrough, passportTables } from "../support/passport/history.js";
import {
  createPassportWorld,
  keyOf,
  passportProcess,
  stampOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, context, issuerSigner, NOW } from "../support/passport/stamps.js";
import { LOG_DOMAIN } from "../support/snapshots/keeper.js";

const DAY = 86_400;
const lower = (name: string) => accountOf(name).toLowerCase();
const SMALL = { chunkSequences: 8 };

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing was thrown",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

type Place = Exclude<DatabaseLocation, { kind: "memory" }>;

for (const engine of engines) {
  describe(`snapshots of ${engine.name}`, () => {
    let world: PassportWorld;
    let home: string;
    let scorers: number[];
    const databases: TestDatabase[] = [];
    before(async () => {
      world = await createPassportWorld(engine, { page: 2 });
      ({ scorers } = await liveThrough(world, async (scorer) => {
        if ((await world.service.scorer(scorer)).registryId === null) await world.service.linkRegistry(scorer, 7n);
        await world.anchors.prepareAnchor(scorer);
      }));
      home = await mkdtemp(path.join(tmpdir(), "touchstone-snapshots-"));
    });
    after(async () => {
      await world.close();
      for (const database of databases) await database.drop();
      await rm(home, { recursive: true, force: true });
    });

    async function place(): Promise<Place> {
      const database = await engine.create();
      databases.push(database);
      return database.location as Place;
    }

    const sealed = async (name: string, cut?: number) => {
      const folder = new SnapshotFolder(path.join(home, name));
      const created = await createSnapshot(new DatabaseLogSource(world.db), folder, {
        ...SMALL,
        ...(cut === undefined ? {} : { cut }),
      });
      return { folder, ...created };
    };

    it("snapshot/restored-database-is-the-same: every row, key and index comes back, and seals to the same digest", async () => {
      const { folder, manifest } = await sealed("same");
      const location = await place();
      await restoreSnapshot(folder, manifest, location);
      const db = await openDatabase(location);
      try {
        expect(await passportTables(db)).to.deep.equal(await passportTables(world.db));
        expect(await indexesOf(db)).to.deep.equal(await indexesOf(world.db));
        const again = await createSnapshot(
          new DatabaseLogSource(db),
          new SnapshotFolder(path.join(home, "again")),
          SMALL,
        );
        expect(again.manifest.digest).to.equal(manifest.digest);
      } finally {
        await db.destroy();
      }
    });

    it("snapshot/restored-service-goes-on: a restored service answers, scores and refuses as the original would", async () => {
      const { folder, manifest } = await sealed("goes-on");
      const location = await place();
      await restoreSnapshot(folder, manifest, location);
      const db = await openDatabase(location);
      const [scorer = 0] = scorers;
      const restored = await passportProcess(db, world.time, { page: 2 });
      try {
        const ask = async (process: typeof restored) => {
          const { headers } = await keyOf(process, "scores");
          const url = `/v1/scorers/${scorer}/passports/${accountOf("alice")}`;
          const { statusCode, body } = await process.app.inject({ url, headers });
          return { statusCode, body };
        };
        const answer = await ask(restored);
        expect(answer.statusCode, answer.body).to.equal(200);
        expect(answer).to.deep.equal(await ask(world));
        const late = world.time.now;
        const stamps = [
          await stampOf(accountOf("dave"), "Google", "one", late),
          await stampOf(accountOf("dave"), "Discord", "two", late),
        ];
        const here = await restored.service.submit(scorer, lower("dave"), stamps);
        const there = await world.service.submit(scorer, lower("dave"), stamps);
        expect(here).to.deep.equal(there);
        const again = { author: "tests", reason: "again" };
        for (const id of scorers) {
          const [own, original] = [await restored.rescorer.run(id, again), await world.rescorer.run(id, again)];
          // Without notes every stamp is settled anew, and comes to the same.
          expect({ ...own, id: 0, settledTo: 0 }).to.deep.equal({ ...original, id: 0, settledTo: 0 });
        }
        expect(await passportTables(db)).to.deep.equal(await passportTables(world.db));
        const credentials = await restored.store.credentials(lower("alice"), { after: 0, limit: 10 });
        expect(credentials).to.deep.equal(await world.store.credentials(lower("alice"), { after: 0, limit: 10 }));
      } finally {
        await restored.app.close();
        await db.destroy();
      }
    });

    it("snapshot/create-is-incremental: whenever and however often it ran, the same cut has the same digest", async () => {
      const source = new DatabaseLogSource(world.db);
      const head = await source.head();
      const folder = new SnapshotFolder(path.join(home, "incremental"));
      let kept = 0;
      for (let cut = 1; cut <= head; cut += 5) ({ kept } = await createSnapshot(source, folder, { ...SMALL, cut }));
      const { manifest } = await createSnapshot(source, folder, SMALL);
      const once = await createSnapshot(source, new SnapshotFolder(path.join(home, "once")), SMALL);
      expect(kept).to.be.greaterThan(0);
      expect(once.kept).to.equal(0);
      expect(manifest).to.deep.equal(once.manifest);
    });

    it("snapshot/other-log-is-noticed: a folder of another database is not continued", async () => {
      const other = await createPassportWorld(engine);
      try {
        other.time.now += DAY;
        await liveThrough(other);
        const folder = new SnapshotFolder(path.join(home, "other"));
        await createSnapshot(new DatabaseLogSource(other.db), folder, { ...SMALL, cut: 16 });
        await world.service.scorer(scorers[0] ?? 0);
        const forged = createSnapshot(new DatabaseLogSource(await changed(other)), folder, { ...SMALL, cut: 24 });
        expect(await codeOf(forged)).to.equal("snapshots/other-log");
      } finally {
        await other.close();
      }
    });

    it("M1: a log with an entry that is dated back, or is later than its snapshot, is not restored", async () => {
      const source = new DatabaseLogSource(world.db);
      const records = await source.read(1, await source.head());
      const backdated = records.findIndex((record, at) => at > 5 && record.kind === "score");
      const dated = records.map((record, at) =>
        at === backdated ? { ...record, at: timeOf(records[at - 1]!) - LOG_CLOCK_SKEW - 1 } : record,
      );
      expect(dated).not.to.deep.equal(records);
      const restored = async (
        name: string,
        log: SnapshotRecord[],
        options: Pick<CreateOptions, "block" | "keeper">,
      ) => {
        const folder = new SnapshotFolder(path.join(home, name));
        const { manifest } = await createSnapshot(logSource(log), folder, { ...SMALL, ...options });
        const location = await place();
        await restoreSnapshot(folder, manifest, location);
        return location;
      };
      expect(await codeOf(restored("dated-back", dated, {}))).to.equal("snapshots/bad-time");
      const newest = Math.max(...records.map(timeOf));
      const signedAt = (time: number) => ({
        block: 10,
        keeper: new LogKeeper(LOG_DOMAIN, issuerSigner, { now: () => time * 1000 }),
      });
      const early = signedAt(newest - LOG_CLOCK_SKEW - 1);
      expect(await codeOf(restored("too-late", records, early))).to.equal("snapshots/bad-time");
      await restored("in-time", records, signedAt(newest - LOG_CLOCK_SKEW));
    });

    it("M1: the database knows where its log ended at a time, and when it ends", async () => {
      const source = new DatabaseLogSource(world.db);
      const head = await source.head();
      const memory = logSource(await source.read(1, head));
      const newest = Math.max(...(await source.read(1, head)).map(timeOf));
      expect(await source.newestTime()).to.equal(newest);
      for (const time of [0, NOW - 1, NOW, NOW + 3 * DAY, NOW + 70 * DAY, newest - 1, newest]) {
        expect(await source.cutAt(time), `at ${time}`).to.equal(await memory.cutAt(time));
      }
    });

    /** The same database with one word of its history altered. */
    async function changed(other: PassportWorld) {
      await other.db.updateTable("scorers").set({ name: "another name" }).where("id", "=", 1).execute();
      await other.db.updateTable("scorers").set({ name: "another name" }).where("id", "=", 2).execute();
      const { sql } = await import("kysely");
      await sql`alter table score_events disable trigger user`.execute(other.db);
      await sql`update score_events set scored_at = scored_at + 1`.execute(other.db);
      return other.db;
    }

    it("snapshot/replay-equals-the-service: a signer verifies every credential and computes every score and root", async () => {
      const { folder, manifest } = await sealed("replay");
      const verified = await verifySnapshot(folder, { trust: (now) => context({ now }) });
      expect(verified.entries).to.equal(manifest.sequence);
      const { replayed } = verified;
      expect(replayed?.credentials).to.be.greaterThan(5);
      expect(replayed?.scores).to.be.greaterThan(5);

      const signer = new SignerLog({ trust: (now) => context({ now }) });
      for (const cut of [3, 11, 16, manifest.sequence]) {
        const step = await sealed("replay", cut);
        await signer.advance(step.folder, step.manifest);
      }
      expect(signer.manifest?.digest).to.equal(manifest.digest);
      const [scorer = 0] = scorers;
      const records = signer.replay.scores(scorer).sort((a, b) => (a.account < b.account ? -1 : 1));
      const stored = await Promise.all(records.map(({ account }) => world.store.score(scorer, account)));
      expect(records).to.deep.equal(stored);

      const anchored = await world.anchors.prepareAnchor(scorer);
      const terms = { scorerId: scorer, registryId: 7n, maxLifetime: 90 * DAY };
      const tree = scoreTreeOf(signer.replay, { ...terms, issuedAt: Number(anchored.issuedAt) });
      expect(tree?.root).to.equal(anchored.root);
      expect(tree?.count).to.be.greaterThan(1);
    });

    it("snapshot/forged-log-is-refused: scores, credentials, refusals and rules that do not follow, and history that changed", async () => {
      const source = new DatabaseLogSource(world.db);
      const log = await source.read(1, await source.head());
      const trust = (now: number) => context({ now });
      const replayed = (records: readonly SnapshotRecord[]): string => {
        const replay = new LogReplay({ trust });
        try {
          for (const record of records) replay.apply(record);
          return "it holds";
        } catch (error) {
          return (error as { code: string }).code;
        }
      };
      expect(replayed(log)).to.equal("it holds");

      type Forge = (record: SnapshotRecord) => SnapshotRecord | undefined;
      const accepted = log.find((record) => record.kind === "accepted");
      if (accepted?.kind !== "accepted") throw new Error("nothing was accepted");
      const forgeries: Record<string, [string, Forge]> = {
        "a better score": [
          "snapshots/scores-differ",
          (r) => (r.kind === "score" ? { ...r, sum: r.sum + 1 } : undefined),
        ],
        "a verdict": [
          "snapshots/scores-differ",
          (r) => (r.kind === "score" ? { ...r, passing: !r.passing } : undefined),
        ],
        "a signature": [
          "snapshots/bad-credential",
          (r) => {
            if (r.kind !== "accepted" || r.credential === null) return undefined;
            const proofValue = r.credential.proofValue.replace(/^0x./, (start) => (start === "0x1" ? "0x2" : "0x1"));
            return { ...r, credential: { ...r.credential, proofValue } };
          },
        ],
        "a stamp without its credential": [
          "snapshots/bad-credential",
          (r) => (r.kind === "accepted" && r.credential !== null ? { ...r, credential: null } : undefined),
        ],
        "a longer life": [
          "snapshots/bad-credential",
          (r) =>
            r.kind === "accepted" ? { ...r, stamp: { ...r.stamp, expiresAt: r.stamp.expiresAt + 1 } } : undefined,
        ],
        "a refusal that nothing explains": [
          "snapshots/scores-differ",
          (r) => {
            if (r.kind !== "stamp" || r.type !== "declined") return undefined;
            const { scorerId, stamp } = accepted;
            const data = JSON.stringify({ status: "banned", detail: "because" });
            return { ...r, type: "refused", scorerId, account: stamp.account, digest: stamp.digest, data };
          },
        ],
        "a revocation that is kept quiet": [
          "snapshots/scores-differ",
          (r) =>
            r.kind === "stamp" && r.type === "revoked"
              ? { ...r, type: "declined", account: null, digest: null }
              : undefined,
        ],
        "a ban of somebody else": [
          "snapshots/scores-differ",
          (r) => {
            if (r.kind !== "ban" || r.event.type !== "banned") return undefined;
            const entry = { ...r.event.entry, subject: lower("nobody") };
            return { ...r, event: { ...r.event, entry } };
          },
        ],
        "a ban that ends later": [
          "snapshots/scores-differ",
          (r) => {
            if (r.kind !== "ban" || r.event.type !== "banned" || r.event.entry.until === null) return undefined;
            const entry = { ...r.event.entry, until: null };
            return { ...r, event: { ...r.event, entry } };
          },
        ],
        "the end of a ban that never was": [
          "snapshots/scores-differ",
          (r) =>
            r.kind === "ban" && r.event.type === "lifted"
              ? { ...r, event: { ...r.event, ban: r.event.ban + 1 } }
              : undefined,
        ],
        "a revocation of something else": [
          "snapshots/scores-differ",
          (r) => {
            if (r.kind !== "revocation") return undefined;
            return { ...r, event: { ...r.event, entry: { ...r.event.entry, value: `0x${"ef".repeat(32)}` } } };
          },
        ],
        "a revocation of another issuer": [
          "snapshots/scores-differ",
          (r) =>
            r.kind === "revocation"
              ? { ...r, event: { ...r.event, issuer: `did:ethr:0x${"ef".repeat(20)}` } }
              : undefined,
        ],
        "a stamp that came after the round's grace": [
          "snapshots/bad-credential",
          (r) => (r.kind === "accepted" && r.scorerId === scorers[2] ? { ...r, at: r.at + 13 * DAY } : undefined),
        ],
        "a stamp of somebody banned": [
          "snapshots/bad-credential",
          (r) => {
            if (r.kind !== "stamp" || r.type !== "declined" || r.account !== lower("frank")) return undefined;
            const own = log.find((one) => one.kind === "accepted" && one.stamp.account === r.account);
            if (own?.kind !== "accepted") throw new Error("nothing of the banned account was ever accepted");
            return { ...own, credential: null, sequence: r.sequence, at: r.at };
          },
        ],
        "another hash of the rules": [
          "snapshots/scores-differ",
          (r) => (r.kind === "version" ? { ...r, rulesHash: `0x${"00".repeat(32)}` } : undefined),
        ],
        "a number that was left out": [
          "snapshots/scores-differ",
          (r) => (r.kind === "score" ? { ...r, sequence: r.sequence + 1 } : undefined),
        ],
      };
      for (const [what, [code, forge]] of Object.entries(forgeries)) {
        const at = log.findIndex((record) => forge(record) !== undefined);
        expect(at, what).to.be.greaterThan(-1);
        const forged = log.map((record, index) => (index === at ? (forge(record) as SnapshotRecord) : record));
        expect(replayed(forged), what).to.equal(code);
      }

      // At the end of the log no score follows that would give it away.
      const { scorerId, stamp } = accepted;
      const { account, digest } = stamp;
      const groundless: SnapshotRecord = {
        ...{ kind: "stamp", type: "refused", sequence: log.length + 1, at: world.time.now, scorerId, account, digest },
        data: JSON.stringify({ status: "banned", detail: "because" }),
      };
      expect(replayed([...log, groundless])).to.equal("snapshots/scores-differ");

      const older = new SnapshotFolder(path.join(home, "older"));
      const first = await createSnapshot(logSource(log), older, { ...SMALL, cut: 14 });
      // In the chunk that was open, and in one that was closed.
      for (const [at, name] of [
        [13, "open"],
        [3, "closed"],
      ] as const) {
        const changed = log.map((record) => {
          if (record.sequence !== at || record.kind === "ban" || record.kind === "revocation") return record;
          return record.kind === "version" ? { ...record, reason: "another" } : { ...record, at: record.at + 1 };
        });
        const newer = new SnapshotFolder(path.join(home, `newer, ${name}`));
        const next = await createSnapshot(logSource(changed as SnapshotRecord[]), newer, SMALL);
        const signer = new SignerLog({ trust });
        await signer.advance(older, first.manifest);
        expect(await codeOf(signer.advance(newer, next.manifest)), name).to.equal("snapshots/other-log");
      }
    });

    it("snapshot/not-into-a-full-database: a restore leaves a database that is in use alone", async () => {
      const { folder, manifest } = await sealed("full");
      const location = await place();
      await restoreSnapshot(folder, manifest, location);
      expect(await codeOf(restoreSnapshot(folder, manifest, location))).to.equal("snapshots/database-not-empty");
    });

    it("snapshot/scores-only-serves-and-never-scores: a mirror without stamps answers reads and refuses to compute", async () => {
      const { folder, manifest } = await sealed("scores-only");
      for (const { stream, digest } of manifest.chunks) if (stream === "stamps") await folder.removeChunk(digest);
      const location = await place();
      await restoreSnapshot(folder, manifest, location, { streams: ["scores"] });
      const db = await openDatabase(location);
      try {
        const mirror = await passportProcess(db, world.time);
        const [scorer = 0] = scorers;
        expect(await mirror.service.score(scorer, lower("bob"))).to.deep.equal(
          await world.service.score(scorer, lower("bob")),
        );
        const tables = ["scorers", "scorer_versions", "scores", "score_events"] as const;
        const cut = (rows: Record<string, string[]>) => rows["scorer_versions"];
        expect(cut(await passportTables(db, tables))).to.deep.equal(cut(await passportTables(world.db, tables)));
        const before = await passportTables(db);
        const submission = mirror.service.submit(scorer, lower("erin"), [await stampOf(accountOf("erin"))]);
        expect(
          await submission.then(
            () => "taken",
            () => "refused",
          ),
        ).to.equal("refused");
        expect(await passportTables(db)).to.deep.equal(before);
        await mirror.app.close();
      } finally {
        await db.destroy();
      }
    });
  });
}
