import { expect } from "chai";

import { readPassportLog } from "../../src/database/passport-log.js";
import { readVersion } from "../../src/scoring/service/scorer-version.js";
import { replayPassports, type LogEntry } from "../../src/scoring/service/replay.js";
import { parseIssuers } from "../../src/passport/issuers.js";
import { engines } from "../support/databases.js";
import {
  createPassportWorld,
  rules,
  scorerOf,
  simpleRules,
  stampOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, NOW } from "../support/passport/stamps.js";

const DAY = 86_400;
const lower = (name: string) => accountOf(name).toLowerCase();

async function logOf(world: PassportWorld): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const entry of readPassportLog(world.db)) entries.push(entry);
  return entries;
}

for (const engine of engines) {
  describe(`a score's history, on ${engine.name}`, () => {
    let world: PassportWorld;
    afterEach(() => world?.close());

    it("passport/exact-threshold-passes: weights whose decimal sum is exactly the threshold pass", async () => {
      world = await createPassportWorld(engine);
      const { id } = await scorerOf(world, rules());
      const providers = Object.keys(rules().weights);
      const alice = accountOf("alice");
      const stamps = await Promise.all(providers.map((provider) => stampOf(alice, provider)));
      const { score } = await world.service.submit(id, alice.toLowerCase(), stamps);
      expect([score.sum, score.passing]).to.deep.equal([200_000, true]);
    });

    it("passport/every-change-leaves-history: new rules, expiry, revocation and release, each with cause and version", async () => {
      world = await createPassportWorld(engine, { page: 2 });
      const { id } = await scorerOf(world);
      const alice = lower("alice");
      const { results } = await world.service.submit(id, alice, [
        await stampOf(accountOf("alice")),
        await stampOf(accountOf("alice"), "Discord"),
      ]);
      for (const name of ["bob", "carol"]) {
        await world.service.submit(id, lower(name), [await stampOf(accountOf(name))]);
      }
      await world.service.addVersion(id, simpleRules({ threshold: "1.2" }), { author: "council", reason: "too easy" });
      // A new version changes nothing until scores are computed again.
      expect((await world.service.score(id, alice))?.version).to.equal(1);
      const run = await world.rescorer.run(id, { author: "council", reason: "too easy" });
      expect([run.phase, run.scored, run.changed, run.flipped]).to.deep.equal(["done", 3, 3, 2]);
      await world.service.revoke(results[1]?.digest as string, { author: "council", reason: "sold" });
      await world.service.release(id, alice, "Google");
      world.time.now += 91 * DAY;
      await world.rescorer.run(id, { author: "clock", reason: "daily" });
      const history = await world.service.history(id, alice);
      expect(history.map(({ cause, version, sum, passing }) => [cause, version, sum, passing])).to.deep.equal([
        ["rescored", 2, 0, false],
        ["released", 2, 0, false],
        ["revoked", 2, 10_000, false],
        ["rescored", 2, 15_000, true],
        ["submitted", 1, 15_000, true],
      ]);
      const versions = await world.service.versions(id);
      expect(versions.map(({ author, reason }) => [author, reason])).to.deep.equal([
        ["tests", "first"],
        ["council", "too easy"],
      ]);
      // A run that changes nothing leaves nothing.
      const again = await world.rescorer.run(id, { author: "clock", reason: "daily" });
      expect(again.changed).to.equal(0);
    });

    it("passport/rescore-is-the-full-pipeline: a stamp that expired and an issuer that was removed cost their points", async () => {
      let trusted = true;
      const none = parseIssuers({ format: "touchstone-issuers-v1", issuers: [] });
      world = await createPassportWorld(engine, { trust: () => (trusted ? {} : { issuers: none }) });
      const { id } = await scorerOf(world);
      const alice = lower("alice");
      await world.service.submit(id, alice, [
        await stampOf(accountOf("alice"), "Google", "a", NOW - 80 * DAY),
        await stampOf(accountOf("alice"), "Discord"),
      ]);
      world.time.now += 11 * DAY;
      await world.rescorer.run(id, { author: "clock", reason: "daily" });
      expect((await world.service.score(id, alice))?.sum).to.equal(5_000);
      trusted = false;
      await world.rescorer.run(id, { author: "clock", reason: "issuer removed" });
      const score = await world.service.score(id, alice);
      expect(score?.stamps.map(({ status }) => status)).to.deep.equal(["untrusted_issuer", "untrusted_issuer"]);
      trusted = true;
      await world.rescorer.run(id, { author: "clock", reason: "issuer back" });
      expect((await world.service.score(id, alice))?.sum).to.equal(5_000);
    });

    it("passport/failed-run-keeps-the-last-score: status ERROR, the last good score stays, never a zero", async () => {
      let fails = false;
      const read: typeof readVersion = (stored) => {
        const version = readVersion(stored);
        const score: typeof version.scorer.score = (stamps, now) => {
          if (fails) throw new Error("out of luck");
          return version.scorer.score(stamps, now);
        };
        return { ...version, scorer: { score } };
      };
      world = await createPassportWorld(engine, { read });
      const { id } = await scorerOf(world);
      const alice = lower("alice");
      await world.service.submit(id, alice, [await stampOf(accountOf("alice"))]);
      fails = true;
      await world.service.rescoreAccount(id, alice);
      const failed = await world.service.score(id, alice);
      expect([failed?.status, failed?.sum, failed?.score]).to.deep.equal(["ERROR", 10_000, 10_000]);
      const key = await world.keys.create("reader", ["scores"], null);
      const v2 = await world.app.inject({ url: `/v2/stamps/${id}/score/${alice}`, headers: { "x-api-key": key.text } });
      expect(v2.json()).to.deep.include({ score: null, passing_score: false, threshold: "1.00000" });
      fails = false;
      await world.service.rescoreAccount(id, alice);
      const history = await world.service.history(id, alice);
      expect(history.map(({ status, sum }) => [status, sum])).to.deep.equal([
        ["DONE", 10_000],
        ["ERROR", 10_000],
        ["DONE", 10_000],
      ]);
    });

    it("passport/reads-are-pure: asking for a score any number of times writes nothing, also past its expiry", async () => {
      world = await createPassportWorld(engine);
      const { id } = await scorerOf(world);
      const alice = lower("alice");
      await world.service.submit(id, alice, [await stampOf(accountOf("alice"))]);
      const before = await world.db.selectFrom("passport_head").selectAll().executeTakeFirstOrThrow();
      world.time.now += 100 * DAY;
      for (let time = 0; time < 3; time += 1) {
        const score = await world.service.score(id, alice);
        expect([score?.expired, score?.passing]).to.deep.equal([true, false]);
        await world.service.explain(id, alice);
        await world.service.history(id, alice);
        await world.service.scoresOf(id, [alice]);
      }
      expect(await world.db.selectFrom("passport_head").selectAll().executeTakeFirstOrThrow()).to.deep.equal(before);
      expect(await world.db.selectFrom("scores").select("passing").execute()).to.deep.equal([{ passing: true }]);
    });

    it("passport/history-equals-replay: the log, replayed in its sequence, gives every line of history and every link", async () => {
      const ban = { kind: "account" as const, subject: lower("dave"), until: null, reason: "sold" };
      world = await createPassportWorld(engine, { page: 3 });
      const { id } = await scorerOf(world, simpleRules({ dedupe: { scope: "scorer", cooling: DAY } }));
      const people = ["alice", "bob", "carol", "dave"];
      for (const [index, name] of people.entries()) {
        // Two people share each piece of evidence.
        const stamps = [
          await stampOf(accountOf(name), "Google", `g${index >> 1}`),
          await stampOf(accountOf(name), "Discord", name),
        ];
        await world.service.submit(id, lower(name), [...stamps, { not: "a stamp" }]);
        world.time.now += 10;
      }
      await world.service.release(id, lower("alice"), "Google");
      world.time.now += 2 * DAY;
      await world.rescorer.run(id, { author: "clock", reason: "daily" });
      expect((await world.service.score(id, lower("bob")))?.sum).to.equal(15_000);
      await world.service.submit(id, lower("alice"), [
        await stampOf(accountOf("alice"), "Google", "g0", world.time.now),
      ]);
      const banned = await world.service.ban(ban, { author: "council" });
      await world.service.addVersion(id, simpleRules({ threshold: "0.4" }), { author: "council", reason: "easier" });
      await world.rescorer.run(id, { author: "council", reason: "easier" });
      await world.service.liftBan(banned.id, { author: "council", reason: "a mistake" });
      world.time.now += 95 * DAY;
      await world.rescorer.run(id, { author: "clock", reason: "daily" });

      const log = await logOf(world);
      const head = await world.db.selectFrom("passport_head").select("seq").executeTakeFirstOrThrow();
      expect(log.map(({ sequence }) => sequence)).to.deep.equal(Array.from({ length: head.seq }, (_, at) => at + 1));
      const replayed = replayPassports(log);
      const events = log.flatMap((entry) => (entry.kind === "score" ? [entry.event] : []));
      expect(events).to.have.length.greaterThan(10);
      expect(replayed.scoreEvents).to.deep.equal(events);
      const scores = await world.store.scoresOf(id, people.map(lower));
      expect(scores).to.have.length(4);
      for (const score of scores) {
        const { stamps: _, ...stored } = score;
        const { stamps: __, ...again } = replayed.score(id, score.account) ?? score;
        expect(again).to.deep.equal(stored);
      }
      const links = await world.db.selectFrom("links").select(["key", "account", "expires_at"]).execute();
      const sorted = (rows: { key: string }[]) => [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
      const ours = replayed.links().map(({ key, account, expiresAt: expires_at }) => ({ key, account, expires_at }));
      expect(sorted(ours)).to.deep.equal(sorted(links));
    });
  });
}
