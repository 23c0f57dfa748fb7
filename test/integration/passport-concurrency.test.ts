import { expect } from "chai";

import { engines } from "../support/databases.js";
import {
  createPassportWorld,
  scorerOf,
  siweMessage,
  stampOf,
  walletOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, NOW } from "../support/passport/stamps.js";

const CLIENTS = 50;

for (const engine of engines) {
  describe(`passports under concurrency, on ${engine.name}`, () => {
    let world: PassportWorld;
    before(async () => {
      world = await createPassportWorld(engine);
    });
    after(() => world?.close());

    it("passport/one-holder-among-50-clients: one piece of evidence counts once, whoever comes, through two processes", async () => {
      const { id } = await scorerOf(world);
      const other = await world.another();
      const accounts = Array.from({ length: CLIENTS }, (_, at) => accountOf(`client ${at}`));
      const stamps = await Promise.all(accounts.map((account) => stampOf(account, "Google", "one person")));
      const answers = await Promise.all(
        accounts.map((account, at) =>
          (at % 2 === 0 ? world : other).service.submit(id, account.toLowerCase(), [stamps[at]]),
        ),
      );
      const statuses = answers.map(({ results }) => results[0]?.status);
      expect(statuses.filter((status) => status === "counted")).to.have.length(1);
      expect(statuses.filter((status) => status === "duplicate")).to.have.length(CLIENTS - 1);
      // First by the server's sequence, not by luck of the clock.
      const first = await world.db
        .selectFrom("scorer_stamps")
        .select("account")
        .where("scorer_id", "=", id)
        .orderBy("seq")
        .executeTakeFirstOrThrow();
      expect(first.account).to.equal(accounts[statuses.indexOf("counted")]?.toLowerCase());
    });

    it("passport/one-row-set: 50 concurrent calls of one account leave one row set, and points that add up", async () => {
      const { id } = await scorerOf(world);
      const other = await world.another();
      const alice = accountOf("alice");
      const stamps = await Promise.all([stampOf(alice), stampOf(alice, "Discord")]);
      await Promise.all(
        Array.from({ length: CLIENTS }, (_, at) =>
          (at % 2 === 0 ? world : other).service.submit(id, alice.toLowerCase(), stamps),
        ),
      );
      const rows = await world.db.selectFrom("scorer_stamps").selectAll().where("scorer_id", "=", id).execute();
      expect(rows).to.have.length(2);
      const score = await world.service.score(id, alice.toLowerCase());
      expect(score?.stamps.map(({ points }) => points).reduce((a, b) => a + b)).to.equal(score?.sum);
      expect(score?.sum).to.equal(15_000);
      expect(await world.service.history(id, alice.toLowerCase())).to.have.length(1);
    });

    it("passport/nonce-works-once: of 100 concurrent sign-ins with one nonce one succeeds, and none after five minutes", async () => {
      const other = await world.another();
      const wallet = walletOf("alice");
      const { nonce } = await world.signIn.nonce();
      const message = siweMessage(wallet.address, nonce);
      const signature = await wallet.signMessage(message);
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, at) =>
          (at % 2 === 0 ? world : other).signIn.verify(message, signature).then(
            ({ account }) => account,
            (error: { code: string }) => error.code,
          ),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === wallet.address.toLowerCase())).to.have.length(1);
      expect(outcomes.filter((outcome) => outcome === "siwe/nonce")).to.have.length(99);

      const late = await world.signIn.nonce();
      world.time.now += 300;
      const issuedAt = new Date((NOW + 299) * 1000).toISOString();
      const text = siweMessage(wallet.address, late.nonce, { issuedAt });
      const code = await world.signIn
        .verify(text, await wallet.signMessage(text))
        .catch((error: { code: string }) => error.code);
      world.time.now = NOW;
      expect(code).to.equal("siwe/nonce");
    });

    it("goes on with a rescore that a process left in the middle", async () => {
      const small = await world.another({ page: 2 });
      const { id } = await scorerOf(world);
      for (let at = 0; at < 7; at += 1) {
        const account = accountOf(`person ${at}`);
        await world.service.submit(id, account.toLowerCase(), [await stampOf(account)]);
      }
      let state = await small.rescorer.request(id, { author: "tests", reason: "again" });
      for (let step = 0; step < 3; step += 1) state = await small.rescorer.step(state);
      expect(state.phase).to.equal("score");
      const second = await world.rescorer
        .request(id, { author: "tests", reason: "again" })
        .catch((error: { code: string }) => error.code);
      expect(second).to.equal("scoring/rescore-under-way");
      await Promise.all([world.rescorer.runOpen(), small.rescorer.runOpen()]);
      const done = await world.rescorer.state(state.id);
      expect([done.phase, done.scored]).to.deep.equal(["done", 7]);
    });
  });
}
