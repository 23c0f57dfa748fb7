import { expect } from "chai";

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
const CLOSE = NOW + 10 * DAY;
const END = CLOSE + 3 * DAY;
const lower = (name: string) => accountOf(name).toLowerCase();

for (const engine of engines) {
  describe(`a round that takes verification after its close, on ${engine.name}`, () => {
    let world: PassportWorld;
    let id: number;
    beforeEach(async () => {
      world = await createPassportWorld(engine);
      ({ id } = await scorerOf(world, simpleRules({ round: { closesAt: CLOSE, graceEndsAt: END } })));
    });
    afterEach(() => world?.close());

    /** Submits a Google stamp of `name`, issued at `issuedAt`, when it is `now`. */
    const submit = async (name: string, issuedAt: number, now: number, evidence = name) => {
      world.time.now = now;
      const stamp = await stampOf(accountOf(name), "Google", evidence, issuedAt);
      const { results, score } = await world.service.submit(id, lower(name), [stamp]);
      return { status: results[0]?.status, passing: score.passing, sum: score.sum, score };
    };
    const passedAt = async (name: string, at: number) =>
      (await world.service.history(id, lower(name), { at, limit: 1 }))[0]?.passing ?? false;

    it("passport/grace-counts-as-of-the-close: what was issued by the close and brought in the grace counts, to the second", async () => {
      expect(await submit("in time", NOW, CLOSE - 1)).to.include({ status: "counted", passing: true });
      expect(await submit("late", CLOSE, CLOSE)).to.include({ status: "counted", passing: true });
      expect((await submit("last", CLOSE, END - 1)).score).to.include({ passing: true, scoredAt: CLOSE });
      expect(await submit("after the close", CLOSE + 1, CLOSE + 1)).to.include({ status: "gated", passing: false });
      expect(await submit("after the grace", NOW, END)).to.include({ status: "gated", passing: false });
      // The late ones passed at the close, as if nothing had kept them away, and not a second before.
      expect(await passedAt("late", CLOSE)).to.equal(true);
      expect(await passedAt("last", CLOSE)).to.equal(true);
      expect(await passedAt("last", CLOSE - 1)).to.equal(false);
      expect(await passedAt("after the grace", END)).to.equal(false);
    });

    it("passport/grace-asks-for-the-close: a stamp that expired in the grace counts, one that had expired by the close does not", async () => {
      const day = 90 * DAY;
      expect(await submit("just alive", CLOSE + 1 - day, CLOSE + DAY)).to.include({ status: "counted", sum: 10_000 });
      expect(await submit("just dead", CLOSE - day, CLOSE + DAY)).to.include({ status: "expired", sum: 0 });
      // What is true of the round is one thing, what a reader is told today another.
      const today = await world.service.score(id, lower("just alive"));
      expect(today).to.include({ expired: true, passing: false });
      expect(await passedAt("just alive", CLOSE)).to.equal(true);
      world.time.now = END + 100 * DAY;
      await world.rescorer.run(id, { author: "clock", reason: "daily" });
      expect(await passedAt("just alive", CLOSE)).to.equal(true);
    });

    it("keeps the order of de-duplication: whoever held the evidence at the close keeps it", async () => {
      await submit("alice", NOW, NOW + 1, "shared");
      expect(await submit("bob", NOW, CLOSE + 1, "shared")).to.include({ status: "duplicate", passing: false });
      // What is let go of in the grace cannot be taken in the same round.
      await world.service.release(id, lower("alice"), "Google");
      world.time.now = END - 1;
      expect(await world.service.rescoreAccount(id, lower("bob"))).to.include({ passing: false });
    });

    it("passport/grace-by-version: a round that closed gets its grace by a version, also after the fact", async () => {
      const strict = await scorerOf(world, simpleRules({ round: { closesAt: CLOSE } }));
      id = strict.id;
      expect(await submit("alice", NOW, CLOSE)).to.include({ status: "gated" });
      const round = { closesAt: CLOSE, graceEndsAt: END };
      await world.service.addVersion(id, simpleRules({ round }), { author: "council", reason: "the service was down" });
      expect(await submit("alice", NOW, CLOSE + 5)).to.include({ status: "counted", passing: true });
    });

    it("revokes and bans in the grace as ever", async () => {
      const { score } = await submit("alice", NOW, CLOSE + 1);
      await world.service.revoke(score.stamps[0]?.digest as string, { author: "ops", reason: "sold" });
      expect(await passedAt("alice", CLOSE)).to.equal(false);
      expect(await submit("bob", NOW, CLOSE + 2, "alice")).to.include({ status: "counted", passing: true });
    });
  });
}
