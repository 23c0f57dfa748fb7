import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

import { expect } from "chai";
import fc from "fast-check";
import { sql } from "kysely";

import { readPassportLog } from "../../src/database/passport-log.js";
import { replayPassports, type LogEntry } from "../../src/scoring/service/replay.js";
import { engines } from "../support/databases.js";
import { happen, happenings, liftAll, stampsOfPeople, type Happened } from "../support/passport/histories.js";
import {
  createPassportWorld,
  scorerOf,
  simpleRules,
  stampOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, ISSUER_DID, NOW, trust } from "../support/passport/stamps.js";

const DAY = 86_400;
const PAGE = 2;
const author = { author: "tests", reason: "again" };

/** Forgets what rescores have noted: each account is then loaded and scored as if it came alone. */
async function forgetNotes({ db }: PassportWorld): Promise<void> {
  await sql`delete from packed_passports`.execute(db);
  await sql`delete from open_stamps`.execute(db);
  await sql`update scorers set settled_scope = null`.execute(db);
}

async function stateOf({ db }: PassportWorld) {
  const log: LogEntry[] = [];
  for await (const entry of readPassportLog(db)) log.push(entry);
  const links = await db.selectFrom("links").selectAll().orderBy("scope").orderBy("key").execute();
  const rows = await db.selectFrom("scores").selectAll().orderBy("scorer_id").orderBy("account").execute();
  const scores = rows.map((row) => ({ ...row, fingerprint: Buffer.from(row.fingerprint ?? []).toString("hex") }));
  const plain = log.map((entry) => (entry.kind === "version" ? { sequence: entry.sequence } : entry));
  return { plain, log, links, scores };
}

/** Resolves when a rescore has read an account's packed row. */
function packedRowIsRead({ service }: PassportWorld, account: string): Promise<void> {
  const recheck = service.packedRecheck.bind(service);
  return new Promise((resolve) => {
    service.packedRecheck = (workspace, now) => {
      const stands = recheck(workspace, now);
      return (of, passport) => {
        if (of === account) resolve();
        return stands(of, passport);
      };
    };
  });
}

/** Every root that the scorers' scores lead to. */
const rootsOf = (world: PassportWorld, scorers: readonly number[]) =>
  Promise.all(
    scorers.map((id) =>
      world.anchors.prepareAnchor(id, { number: 1 }).then(
        ({ root }) => root,
        (error: { code: string }) => error.code,
      ),
    ),
  );

for (const engine of engines) {
  describe(`a rescore from packed rows, on ${engine.name}`, () => {
    const worlds: Happened[] = [];
    const made: PassportWorld[] = [];
    after(async () => {
      for (const world of made) await world.close();
    });

    async function worldOf(forget: boolean): Promise<Happened> {
      const state = { distrusted: null as string | null };
      const providers = () => (state.distrusted === "Google" ? { providers: ["Discord"] } : {});
      const world = await createPassportWorld(engine, {
        page: PAGE,
        trust: () => ({ issuers: trust({ did: ISSUER_DID, ...providers() }) }),
      });
      made.push(world);
      return Object.assign(state, {
        world,
        scorers: [],
        beforePage: () => (forget ? forgetNotes(world) : Promise.resolve()),
      });
    }

    it("passport/bulk-is-the-same: random histories end in the same log, links, scores and roots as account by account", async function () {
      this.timeout(120_000);
      worlds.push(await worldOf(false), await worldOf(true));
      let run = 0;
      let packed = 0;
      await fc.assert(
        fc.asyncProperty(happenings, async (history) => {
          // New evidence and new scorers for each history: what an earlier one revoked stays revoked.
          const stamps = await stampsOfPeople(`bulk ${run++}`);
          const states = [];
          for (const happened of worlds) {
            const { world } = happened;
            world.time.now = NOW;
            happened.distrusted = null;
            await liftAll(world);
            const scorers: number[] = [];
            for (const scope of ["scorer", "global"]) {
              const { id } = await scorerOf(world, simpleRules({ dedupe: { scope, cooling: DAY } }));
              await world.service.linkRegistry(id, BigInt(id));
              scorers.push(id);
            }
            const own = Object.assign({ ...happened }, { scorers });
            Object.defineProperty(own, "distrusted", { set: (value) => (happened.distrusted = value) });
            for (const event of history) await happen(own, stamps, event);
            states.push({ ...(await stateOf(world)), roots: await rootsOf(world, scorers) });
          }
          const [bulk, single] = states as [(typeof states)[0], (typeof states)[0]];
          expect(bulk.plain).to.deep.equal(single.plain);
          expect(bulk.links).to.deep.equal(single.links);
          expect(bulk.scores).to.deep.equal(single.scores);
          expect(bulk.roots).to.deep.equal(single.roots);
          const events = bulk.log.flatMap((entry) => (entry.kind === "score" ? [entry.event] : []));
          expect(replayPassports(bulk.log).scoreEvents).to.deep.equal(events);
          const { rows } = await sql<{ count: number }>`select count(*)::int as count from packed_passports`.execute(
            worlds[0]!.world.db,
          );
          packed = rows[0]?.count ?? 0;
        }),
        { numRuns: 12 },
      );
      expect(packed).to.be.greaterThan(0);
    });

    it("passport/bulk-reads-no-settled-links: a settled stamp is scored without its links, a duplicate with them", async () => {
      const world = await createPassportWorld(engine);
      made.push(world);
      const { id } = await scorerOf(world);
      for (const name of ["alice", "bob"]) {
        await world.service.submit(id, accountOf(name).toLowerCase(), [
          await stampOf(accountOf(name), "Google", "shared"),
        ]);
      }
      // Links that are gone would free the evidence for whoever asks for them.
      await sql`delete from links`.execute(world.db);
      const run = await world.rescorer.run(id, author);
      const holders = (await world.db.selectFrom("links").select("account").execute()).map(({ account }) => account);
      expect(holders).to.deep.equal([accountOf("bob").toLowerCase()]);
      expect([run.scored, run.changed]).to.deep.equal([2, 1]);
    });

    it("passport/bulk-needs-no-packed-row: an account whose packed row is broken or gone is scored from the tables", async () => {
      const world = await createPassportWorld(engine);
      made.push(world);
      const { id } = await scorerOf(world);
      for (const name of ["alice", "bob", "carol"]) {
        await world.service.submit(id, accountOf(name).toLowerCase(), [await stampOf(accountOf(name))]);
      }
      await sql`update packed_passports set packed = '\\x01ff'::bytea where account = ${accountOf("bob").toLowerCase()}`.execute(
        world.db,
      );
      await sql`delete from packed_passports where account = ${accountOf("carol").toLowerCase()}`.execute(world.db);
      await world.service.addVersion(id, simpleRules({ threshold: "2" }), author);
      const run = await world.rescorer.run(id, author);
      expect([run.scored, run.changed, run.flipped]).to.deep.equal([3, 3, 3]);
    });

    it("passport/bulk-asks-the-log: bans, their ends and what issuers take back reach whoever no score has told", async () => {
      const world = await createPassportWorld(engine);
      made.push(world);
      const { id } = await scorerOf(world);
      const people = ["alice", "bob", "carol"].map((name) => ({ name, account: accountOf(name).toLowerCase() }));
      const taken = [];
      for (const { name, account } of people) {
        taken.push(await world.service.submit(id, account, [await stampOf(accountOf(name))]));
      }
      const [alice, bob] = people.map(({ account }) => account);
      const rescored = async () => {
        const { changed } = await world.rescorer.run(id, author);
        const scores = await Promise.all(people.map(({ account }) => world.service.score(id, account)));
        return [changed, ...scores.map((score) => score?.passing)];
      };
      // Straight into the store: nothing but the rescore tells of it.
      const at = world.time.now;
      const entry = { kind: "account" as const, subject: alice ?? "", until: null, reason: "farm" };
      const ban = await world.store.ban(entry, { ...author, at }, []);
      expect(await rescored()).to.deep.equal([1, false, true, true]);
      await world.store.liftBan(ban.id, { ...author, at }, []);
      expect(await rescored()).to.deep.equal([1, true, true, true]);
      const value = taken[1]?.results[0]?.digest ?? "";
      const entries = [{ kind: "credential" as const, value, revokedAt: at, reason: "sold" }];
      await world.store.addRevocations({ issuer: ISSUER_DID, sequence: 1, entries }, { at }, []);
      expect(await rescored(), bob).to.deep.equal([1, true, false, true]);
      expect(await rescored()).to.deep.equal([0, true, false, true]);
    });

    it("passport/bulk-hears-of-revocations: what an operator revoked reaches whoever no score has told", async () => {
      const world = await createPassportWorld(engine);
      made.push(world);
      const { id } = await scorerOf(world);
      const digests: string[] = [];
      for (const name of ["alice", "bob", "carol"]) {
        const taken = await world.service.submit(id, accountOf(name).toLowerCase(), [await stampOf(accountOf(name))]);
        digests.push(taken.results[0]?.digest ?? "");
      }
      expect((await world.rescorer.run(id, author)).changed, "all are noted").to.equal(0);
      // As by a process that died before it told the holder's score.
      await world.store.revoke({ digest: digests[1] ?? "", ...author, at: world.time.now });
      expect((await world.rescorer.run(id, author)).changed).to.equal(1);
      const sums = ["alice", "bob", "carol"].map(async (name) => {
        return (await world.store.score(id, accountOf(name).toLowerCase()))?.sum;
      });
      expect(await Promise.all(sums)).to.deep.equal([10_000, 0, 10_000]);
      expect((await world.rescorer.run(id, author)).changed, "once").to.equal(0);
    });

    it("passport/bulk-loosens-shared-scopes: what is let go of at one scorer counts no more at another that shares its links", async () => {
      const world = await createPassportWorld(engine);
      made.push(world);
      const shared = simpleRules({ dedupe: { scope: "global", cooling: DAY } });
      const [here, there] = [(await scorerOf(world, shared)).id, (await scorerOf(world, shared)).id];
      const [alice, bob] = ["alice", "bob"].map((name) => accountOf(name).toLowerCase()) as [string, string];
      const own = await stampOf(accountOf("alice"), "Google", "shared");
      await world.service.submit(here, alice, [own]);
      await world.service.submit(there, alice, [own]);
      await world.service.submit(there, bob, [await stampOf(accountOf("bob"), "Google", "shared")]);
      const sums = async () =>
        Promise.all([alice, bob].map(async (account) => (await world.store.score(there, account))?.sum));
      await world.rescorer.run(there, author);
      expect(await sums(), "settled, and noted as such").to.deep.equal([10_000, 0]);
      await world.service.release(here, alice, "Google");
      world.time.now += 2 * DAY;
      await world.rescorer.run(there, author);
      expect(await sums()).to.deep.equal([0, 10_000]);
    });

    it("passport/bulk-believes-no-page-read-too-early: who is scored between two pages keeps what came in between", async () => {
      const world = await createPassportWorld(engine, { page: 1 });
      made.push(world);
      const { id } = await scorerOf(world);
      const names = ["alice", "bob"].sort((a, b) => (accountOf(a).toLowerCase() < accountOf(b).toLowerCase() ? -1 : 1));
      for (const name of names) {
        await world.service.submit(id, accountOf(name).toLowerCase(), [await stampOf(accountOf(name))]);
      }
      await world.rescorer.run(id, author);
      await world.service.addVersion(id, simpleRules({ threshold: "1.5" }), author);
      const last = names[1] ?? "";
      const read = packedRowIsRead(world, accountOf(last).toLowerCase());
      let state = await world.rescorer.request(id, author);
      while (state.scored === 0) state = await world.rescorer.step(state);
      await read; // ahead, with one stamp in it
      const more = await stampOf(accountOf(last), "Discord");
      const { score } = await world.service.submit(id, accountOf(last).toLowerCase(), [more]);
      expect(score.sum).to.equal(15_000);
      await world.rescorer.finish(state.id);
      const after = await world.store.score(id, accountOf(last).toLowerCase());
      expect([after?.sum, after?.passing]).to.deep.equal([15_000, true]);
    });

    it("passport/bulk-speaks-of-the-close: of a round that has closed, stamps count as they did then", async () => {
      const world = await createPassportWorld(engine);
      made.push(world);
      const round = { closesAt: NOW + 10 * DAY };
      const { id } = await scorerOf(world, simpleRules({ round }));
      const account = accountOf("alice").toLowerCase();
      await world.service.submit(id, account, [await stampOf(accountOf("alice"), "Google", "alice", NOW - 75 * DAY)]);
      world.time.now = NOW + 20 * DAY;
      for (const threshold of ["0.5", "2"]) {
        await world.service.addVersion(id, simpleRules({ round, threshold }), author);
        const { changed } = await world.rescorer.run(id, author);
        const score = await world.store.score(id, account);
        expect([changed, score?.sum, score?.scoredAt]).to.deep.equal([1, 10_000, round.closesAt]);
      }
    });

    it("passport/bulk-survives-a-kill: a rescore whose process is killed ends as one that was left alone", async function () {
      this.timeout(60_000);
      const states = [];
      for (const killed of [false, true]) {
        const world = await createPassportWorld(engine, { page: PAGE });
        made.push(world);
        const { id } = await scorerOf(world);
        for (let person = 0; person < 12; person++) {
          const account = accountOf(`killed ${person}`);
          // Two in three show what another one shows, and the first holder's stamp ends before the rescore.
          const stamp = await stampOf(account, "Google", `killed ${person % 4}`, NOW - (person < 4 ? 89.5 : 1) * DAY);
          await world.service.submit(id, account.toLowerCase(), [stamp]);
        }
        await world.service.addVersion(id, simpleRules({ threshold: "0.5" }), author);
        world.time.now = NOW + DAY;
        if (killed) await leaveRescore(world, id, engine.name);
        const open = killed ? await world.store.openRescore(id) : await world.rescorer.request(id, author);
        expect(open?.phase).to.be.oneOf(["settle", "score"]);
        const done = await world.rescorer.finish(open!.id);
        expect([done.phase, done.scored, done.changed]).to.deep.equal(["done", 12, 12]);
        states.push({ ...(await stateOf(world)), log: [] });
      }
      expect(states[1]).to.deep.equal(states[0]);
    });
  });
}

/** Begins a rescore and ends without a word in the middle: a process of its own that is killed, where there may be two. */
async function leaveRescore(world: PassportWorld, id: number, engine: string): Promise<void> {
  if (engine !== "PostgreSQL") {
    let state = await world.rescorer.request(id, author);
    for (let page = 0; page < 5; page++) state = await world.rescorer.step(state);
    return;
  }
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(world.db);
  const url = new URL(process.env["TOUCHSTONE_TEST_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/test");
  url.pathname = `/${rows[0]?.name}`;
  const script = path.resolve("test/support/passport/rescore-child.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, url.href, String(id), String(world.time.now)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let pages = 0;
  for await (const _ of createInterface({ input: child.stdout })) if (++pages === 5) child.kill("SIGKILL");
  await ended;
  expect(child.signalCode).to.equal("SIGKILL");
}
