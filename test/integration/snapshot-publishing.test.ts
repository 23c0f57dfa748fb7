import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { startPassportService } from "../../src/bin/start-passport-service.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import { DatabaseLogSource } from "../../src/database/snapshot-log.js";
import { HttpMirror } from "../../src/http/snapshots/http-mirror.js";
import { silentLogger } from "../../src/shared/logger.js";
import { BlockSealer } from "../../src/snapshots/block-sealer.js";
import { downloadSnapshot } from "../../src/snapshots/files/download.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { engines } from "../support/databases.js";
import { createPassportWorld, rules, scorerOf, stampOf, type PassportWorld } from "../support/passport/service.js";
import { accountOf, ISSUER_DID } from "../support/passport/stamps.js";
import { keeper, keepers, LOG_DOMAIN, LOG_KEY } from "../support/snapshots/keeper.js";
import { startRpcChain, type RpcChain } from "../support/rpc-chain.js";

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing was thrown",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

describe("publishing snapshots of the passport log", () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), "touchstone-publishing-"));
  });
  after(async () => {
    await rm(home, { recursive: true, force: true });
  });

  describe("step by step", () => {
    let world: PassportWorld;
    let head = 0n;
    /** Of blocks: now, unless a test says otherwise. */
    let timeOf = (_block: number) => Promise.resolve(world.time.now);
    before(async () => {
      world = await createPassportWorld(engines[0]!);
    });
    after(() => world.close());

    const sealer = (name: string) => {
      const folder = new SnapshotFolder(path.join(home, name));
      const source = new DatabaseLogSource(world.db);
      const ports = { source, folder, head: () => Promise.resolve(head), timeOf, keeper, logger: silentLogger };
      return { folder, sealer: new BlockSealer({ confirmations: 3n, step: 10n }, ports) };
    };

    it("snapshot/at-each-step: one at each settled step, none before, none of an empty log, and the first one stays", async () => {
      const { folder, sealer: first } = sealer("steps");
      head = 13n;
      expect(await first.step(), "an empty log").to.equal(undefined);
      const { id } = await scorerOf(world);
      head = 12n;
      expect(await first.step(), "block 10 is not settled").to.equal(undefined);
      head = 13n;
      const taken = await first.step();
      expect(taken?.block).to.equal(10);
      await world.service.submit(id, accountOf("alice").toLowerCase(), [await stampOf(accountOf("alice"))]);
      expect(await first.step(), "taken").to.equal(undefined);
      expect(await sealer("steps").sealer.step(), "taken, before a restart").to.equal(undefined);
      expect((await folder.manifestAt(10))?.digest).to.equal(taken?.digest);
      // Two steps passed while nobody looked: the later one counts.
      head = 39n;
      expect((await first.step())?.block).to.equal(30);
      expect(await folder.manifestAt(20)).to.equal(undefined);
      expect((await folder.manifestAt(30))?.digest).not.to.equal(taken?.digest);
    });

    it("M1: a snapshot holds the log as it stood at its block's time, and its keeper signed it", async () => {
      const before = await new DatabaseLogSource(world.db).head();
      const then = world.time.now;
      world.time.now += 3_600;
      const { id } = await scorerOf(world);
      await world.service.submit(id, accountOf("bob").toLowerCase(), [await stampOf(accountOf("bob"))]);
      head = 13n;
      timeOf = () => Promise.resolve(then);
      const late = sealer("late");
      await late.sealer.step();
      const manifest = await late.folder.manifestAt(10);
      expect(manifest?.sequence).to.equal(before);
      keepers.check(manifest!);
      timeOf = () => Promise.resolve(world.time.now);
      const whole = sealer("whole");
      await whole.sealer.step();
      expect((await whole.folder.manifestAt(10))?.sequence).to.be.above(before);
    });

    it("snapshot/two-publishers: two at once offer one snapshot of a block", async () => {
      head = 13n;
      const { folder } = sealer("two");
      const results = await Promise.allSettled([sealer("two").sealer.step(), sealer("two").sealer.step()]);
      const taken = results.flatMap((result) => (result.status === "fulfilled" && result.value ? [result.value] : []));
      expect(taken.length).to.be.at.least(1);
      for (const { digest } of taken) expect((await folder.manifestAt(10))?.digest).to.equal(digest);
    });
  });

  describe("by the service that keeps the log", () => {
    let chain: RpcChain;
    const closers: (() => Promise<void>)[] = [];
    before(async () => {
      chain = await startRpcChain();
    });
    after(async () => {
      for (const close of closers) await close();
      await chain.close();
    });

    it("snapshot/served: nodes follow it over HTTP; stamps go to those with the token alone", async () => {
      const issuers = path.join(home, "issuers.json");
      const trusted = [{ did: ISSUER_DID, forms: ["touchstone", "nullifiers"] }];
      await writeFile(issuers, JSON.stringify({ format: "touchstone-issuers-v1", issuers: trusted }));
      const config = parsePassportServiceConfig({
        PASSPORT_PORT: "0",
        PASSPORT_CHAIN_ID: "31337",
        PASSPORT_RPC_URL: chain.url,
        PASSPORT_ISSUERS: issuers,
        PASSPORT_DATA: path.join(home, "database"),
        PASSPORT_SESSION_SECRET: "ab".repeat(32),
        PASSPORT_LIMIT_ADDRESS: "3/900",
        PASSPORT_SNAPSHOTS: path.join(home, "served"),
        PASSPORT_LOG_KEY: LOG_KEY,
        PASSPORT_REGISTRY: LOG_DOMAIN.registry,
        PASSPORT_SNAPSHOT_CONFIRMATIONS: "2",
        PASSPORT_SNAPSHOT_STEP: "10",
        PASSPORT_SNAPSHOT_POLL_MILLISECONDS: "50",
        PASSPORT_SNAPSHOT_TOKEN: "for signers",
      });
      const running = await startPassportService(config, { logger: silentLogger });
      closers.push(() => running.close());
      const { service } = running;
      await service.createScorer({ name: "round", author: "tests", reason: "first", rules: rules() });
      // Blocks after what was written, however long that took: a snapshot ends at its block's time.
      await chain.increaseTime(3_600);
      const head = await chain.provider.getBlockNumber();
      await chain.mine(25 - head);
      const mirror = new HttpMirror({ url: running.url });
      let manifest = await mirror.manifestAt(20);
      // More looks than an address has requests: following is not counted.
      for (let n = 0; n < 100 && manifest === undefined; n++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        manifest = await mirror.manifestAt(20);
      }
      for (let n = 0; n < 5; n++) await mirror.manifestAt(20);
      expect(manifest?.block).to.equal(20);
      keepers.check(manifest!);
      const digest = manifest?.digest ?? "";
      const target = (name: string) => new SnapshotFolder(path.join(home, name));
      const wrong = new HttpMirror({ url: running.url, headers: { authorization: "Bearer for nobody" } });
      for (const each of [mirror, wrong]) {
        expect(await codeOf(downloadSnapshot([each], target("refused"), { digest }))).to.match(/^snapshots\//);
      }
      const right = new HttpMirror({ url: running.url, headers: { authorization: "Bearer for signers" } });
      await downloadSnapshot([right], target("given"), { digest });
      expect((await target("given").manifest(digest))?.digest).to.equal(digest);
    });
  });
});
