import { expect } from "chai";
import fc from "fast-check";

import { readPassportLog } from "../../src/database/passport-log.js";
import { replayPassports, type LogEntry } from "../../src/scoring/service/replay.js";
import type { StampCredential } from "../../src/passport/credential/credential.js";
import { engines } from "../support/databases.js";
import {
  createPassportWorld,
  scorerOf,
  simpleRules,
  stampOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, NOW } from "../support/passport/stamps.js";

const DAY = 86_400;
const PEOPLE = ["alice", "bob", "carol"];
const EVIDENCE = ["one", "two"];
const PROVIDERS = ["Google", "Discord"];

/** What can happen, with small numbers, so that people meet at the same evidence. */
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("submit" as const),
      who: fc.nat(2),
      what: fc.array(fc.nat(7), { minLength: 1, maxLength: 3 }),
    }),
  },
  fc.record({ kind: fc.constant("release" as const), who: fc.nat(2), what: fc.nat(1) }),
  fc.record({ kind: fc.constant("revoke" as const), who: fc.nat(2), what: fc.nat(7) }),
  fc.record({
    kind: fc.constant("version" as const),
    threshold: fc.integer({ min: 1, max: 15 }),
    scope: fc.constantFrom("scorer", "global"),
  }),
  fc.record({
    kind: fc.constant("ban" as const),
    who: fc.nat(2),
    provider: fc.option(fc.constantFrom("Google", "Discord"), { nil: undefined }),
    days: fc.option(fc.integer({ min: 1, max: 60 })),
  }),
  fc.record({ kind: fc.constant("lift" as const), which: fc.nat(3) }),
  fc.record({
    kind: fc.constant("round" as const),
    closesIn: fc.integer({ min: -20, max: 20 }),
    grace: fc.integer({ min: 0, max: 40 }),
  }),
  fc.record({ kind: fc.constant("rescore" as const) }),
  fc.record({ kind: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 50 }) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

async function happen(world: PassportWorld, id: number, stamps: readonly StampCredential[][], event: Happening) {
  const account = "who" in event ? accountOf(PEOPLE[event.who] ?? "").toLowerCase() : "";
  switch (event.kind) {
    case "submit": {
      const own = stamps[event.who] ?? [];
      await world.service.submit(
        id,
        account,
        event.what.map((at) => own[at]),
      );
      return;
    }
    case "release":
      // Whoever holds nothing cannot let go.
      await world.service.release(id, account, PROVIDERS[event.what] ?? "").catch(() => {});
      return;
    case "revoke": {
      const shown = await world.store.credentials(account, { after: 0, limit: 8 });
      const digest = shown[event.what]?.digest;
      if (digest !== undefined) await world.service.revoke(digest, { author: "tests", reason: "sold" });
      return;
    }
    case "version": {
      const changes = { threshold: `0.${event.threshold}`, dedupe: { scope: event.scope, cooling: DAY } };
      await world.service.addVersion(id, simpleRules(changes), { author: "tests", reason: "random" });
      return;
    }
    case "ban": {
      const until = event.days === null ? null : world.time.now + event.days * DAY;
      const kind = event.provider === undefined ? { kind: "account" as const } : { kind: "stamp" as const };
      const provider = event.provider === undefined ? {} : { provider: event.provider };
      await world.service.ban({ ...kind, ...provider, subject: account, until, reason: "sold" }, { author: "tests" });
      return;
    }
    case "lift": {
      const ban = (await world.service.bans())[event.which];
      if (ban !== undefined) await world.service.liftBan(ban.id, { author: "tests", reason: "a mistake" });
      return;
    }
    case "round": {
      const closesAt = world.time.now + event.closesIn * DAY;
      const round = { closesAt, graceEndsAt: closesAt + event.grace * DAY };
      await world.service.addVersion(id, simpleRules({ round }), { author: "tests", reason: "random" });
      return;
    }
    case "rescore":
      await world.rescorer.run(id, { author: "tests", reason: "random" });
      return;
    case "wait":
      world.time.now += event.days * DAY;
  }
}

/** Eight stamps of each person: two pieces of evidence of two providers, each issued twice. */
function stampsOf(history: string): Promise<StampCredential[][]> {
  const kinds = [0, 60 * DAY].flatMap((later) =>
    EVIDENCE.flatMap((evidence) => PROVIDERS.map((provider) => ({ later, evidence, provider }))),
  );
  return Promise.all(
    PEOPLE.map((name) =>
      Promise.all(
        kinds.map(({ later, evidence, provider }) =>
          stampOf(accountOf(name), provider, `${history} ${evidence}`, NOW - 80 * DAY + later),
        ),
      ),
    ),
  );
}

/** Everything that the log and the tables say, as text: two databases must say the same. */
async function stateOf(world: PassportWorld) {
  const log: LogEntry[] = [];
  for await (const entry of readPassportLog(world.db)) log.push(entry);
  const links = await world.db
    .selectFrom("links")
    .select(["scope", "key", "account", "expires_at", "release_free_at"])
    .execute();
  const rows = await world.db.selectFrom("scores").selectAll().execute();
  // One engine's byte strings are Buffers, the other's are not.
  const scores = rows.map((row) => ({ ...row, fingerprint: Buffer.from(row.fingerprint ?? []).toString("hex") }));
  const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
  return { log, links: sorted(links), scores: sorted(scores) };
}

describe("random histories of passports", () => {
  const worlds: PassportWorld[] = [];
  before(async () => {
    for (const engine of engines) worlds.push(await createPassportWorld(engine, { page: 2 }));
  });
  after(async () => {
    for (const world of worlds) await world.close();
  });

  it("passport/replay-is-the-same-everywhere: any history, replayed, is the same on both databases and in a fresh process", async function () {
    this.timeout(120_000);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 25 }), async (history) => {
        // New evidence for each history: what an earlier one revoked stays revoked.
        const stamps = await stampsOf(`history ${run++}`);
        const states = [];
        for (const world of worlds) {
          world.time.now = NOW;
          const { id } = await scorerOf(world, simpleRules({ dedupe: { scope: "scorer", cooling: DAY } }));
          for (const event of history) await happen(world, id, stamps, event);
          states.push(await stateOf(world));
        }
        const [first, ...others] = states;
        if (first === undefined) throw new Error("no engine");
        for (const other of others) {
          expect(other.links).to.deep.equal(first.links);
          expect(other.scores).to.deep.equal(first.scores);
        }
        const replayed = replayPassports(first.log);
        const events = first.log.flatMap((entry) => (entry.kind === "score" ? [entry.event] : []));
        expect(replayed.scoreEvents).to.deep.equal(events);
        const links = replayed
          .links()
          .map(({ scope, key, account, expiresAt, release }) =>
            JSON.stringify({ scope, key, account, expires_at: expiresAt, release_free_at: release?.freeAt ?? null }),
          );
        expect(links.sort()).to.deep.equal(first.links);
        const bans = (await worlds[0]?.store.bans())?.all(NOW);
        expect(replayed.bans.all(NOW)).to.deep.equal(bans);
      }),
      { numRuns: 25 },
    );
  });
});
