import { expect } from "chai";

import { engines } from "../support/databases.js";
import {
  createPassportWorld,
  holderHeaders,
  keyOf,
  scorerOf,
  walletOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf } from "../support/passport/stamps.js";

for (const engine of engines) {
  describe(`limits and keys of the passport service, on ${engine.name}`, () => {
    let world: PassportWorld;
    afterEach(() => world?.close());

    it("passport/limits-fail-to-a-local-bucket: without a store for counters a tenth goes through, and the answer says so", async () => {
      let broken = false;
      world = await createPassportWorld(engine, {
        limits: { key: 50 },
        admit: () => (broken ? Promise.reject(new Error("no store")) : Promise.resolve({ kind: "admitted" })),
      });
      await scorerOf(world);
      const { headers } = await keyOf(world, "scores");
      const ask = () => world.app.inject({ url: "/v1/scorers", headers });
      const healthy = await ask();
      expect([healthy.statusCode, healthy.headers["x-ratelimit-mode"]]).to.deep.equal([200, undefined]);
      broken = true;
      const answers = await Promise.all(Array.from({ length: 8 }, ask));
      expect(answers.map(({ statusCode }) => statusCode)).to.deep.equal([200, 200, 200, 200, 200, 429, 429, 429]);
      expect(answers.map((answer) => answer.headers["x-ratelimit-mode"])).to.deep.equal(Array(8).fill("local"));
      expect(Number(answers[7]?.headers["retry-after"])).to.be.within(1, 900);
    });

    it("holds a key's limit across processes, and every key's own", async () => {
      world = await createPassportWorld(engine, { limits: { key: 4 } });
      const other = await world.another();
      await scorerOf(world);
      const [one, two] = [await keyOf(world, "scores"), await keyOf(world, "scores")];
      const ask = (process: { app: typeof world.app }, { headers }: typeof one) =>
        process.app.inject({ url: "/v1/scorers", headers });
      for (let time = 0; time < 2; time += 1) {
        expect((await ask(world, one)).statusCode).to.equal(200);
        expect((await ask(other, one)).statusCode).to.equal(200);
      }
      expect((await ask(other, one)).statusCode).to.equal(429);
      expect((await ask(world, two)).statusCode).to.equal(200);
    });

    it("counts tries with keys and sessions that are none against the client's address", async () => {
      world = await createPassportWorld(engine, { limits: { address: 4 } });
      await scorerOf(world);
      const { headers } = await keyOf(world, "scores");
      const ask = async (given: Record<string, string>) =>
        (await world.app.inject({ url: "/v1/scorers", headers: given })).statusCode;
      const guess = { "x-api-key": `0123456789ab.${"A".repeat(43)}` };
      const forged = { authorization: `Bearer ${accountOf("alice")}.9999999999.AAAA` };
      expect([await ask(guess), await ask(forged), await ask(guess), await ask(forged)]).to.deep.equal(
        Array(4).fill(401),
      );
      expect([await ask(guess), await ask(forged), await ask({})]).to.deep.equal(Array(3).fill(429));
      // A key in force has a limit of its own.
      expect(await ask(headers)).to.equal(200);
    });

    it("stores no key, gives each what its scopes say, and ends it", async () => {
      world = await createPassportWorld(engine);
      const { id } = await scorerOf(world);
      const scores = await keyOf(world, "scores");
      const operator = await keyOf(world, "operator");
      const rows = JSON.stringify(await world.db.selectFrom("api_keys").selectAll().execute());
      expect(rows).to.not.include(scores.headers["x-api-key"].split(".")[1]);
      const post = (url: string, headers: Record<string, string>, payload: object) =>
        world.app.inject({ method: "POST", url, headers, payload });
      const alice = accountOf("alice");
      const submit = `/v1/scorers/${id}/passports/${alice}/stamps`;
      expect((await post(submit, scores.headers, { credentials: [{}] })).statusCode).to.equal(403);
      // Somebody else's session is no better.
      const mallory = await holderHeaders(world, walletOf("mallory"));
      expect((await post(submit, mallory, { credentials: [{}] })).statusCode).to.equal(403);
      expect((await post("/v1/scorers", scores.headers, {})).statusCode).to.equal(403);
      expect((await post(`/v1/scorers/${id}/rescores`, scores.headers, { reason: "x" })).statusCode).to.equal(403);
      const gone = await world.app.inject({
        method: "DELETE",
        url: `/v1/keys/${scores.id}`,
        headers: operator.headers,
      });
      expect(gone.statusCode).to.equal(200);
      expect((await world.app.inject({ url: "/v1/scorers", headers: scores.headers })).statusCode).to.equal(401);
    });

    it("lets a key make scorers and version its own ones only, and says when a gate is for sale", async () => {
      world = await createPassportWorld(engine);
      const [mine, other] = [await keyOf(world, "scorers"), await keyOf(world, "scorers")];
      const rules = { format: "touchstone-scorer-rules-v1", threshold: "1", weights: { A: "1", B: "1" } };
      const gated = { ...rules, gate: "has(A) or has(B)", nonFungible: ["A"] };
      const make = (url: string, { headers }: typeof mine, payload: object) =>
        world.app.inject({ method: "POST", url, headers, payload });
      const made = await make("/v1/scorers", mine, { name: "mine", reason: "start", rules: gated });
      expect(made.statusCode, made.body).to.equal(201);
      expect(made.json()).to.deep.include({ id: 1, version: 1, owner: `key:${mine.id}` });
      expect(made.json().gate.class).to.equal("fungible");
      expect(made.json().gate.warnings).to.have.length.greaterThan(0);
      const versions = "/v1/scorers/1/versions";
      expect((await make(versions, other, { reason: "theft", rules })).statusCode).to.equal(403);
      expect((await make(versions, mine, { reason: "simpler", rules })).json()).to.deep.include({
        version: 2,
        gate: null,
      });
      const bad = await make(versions, mine, { reason: "typo", rules: { ...rules, treshold: "2" } });
      expect(bad.json()).to.deep.include({ status: 400, code: "scoring/rules-malformed" });
    });
  });
}
