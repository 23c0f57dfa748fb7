import { expect } from "chai";

import { engines } from "../support/databases.js";
import {
  createPassportWorld,
  holderHeaders,
  keyOf,
  scorerOf,
  simpleRules,
  stampOf,
  walletOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, NOW } from "../support/passport/stamps.js";

const DAY = 86_400;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const alice = walletOf("alice");
const account = alice.address.toLowerCase();

for (const engine of engines) {
  describe(`what integrators of the ecosystem's first API read, on ${engine.name}`, () => {
    let world: PassportWorld;
    let weighted: number;
    let binary: number;
    let scores: Record<string, string>;
    let submit: Record<string, string>;
    const get = async (url: string, headers = scores) => {
      const answer = await world.app.inject({ url, headers });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    };
    const post = async (payload: object, headers = submit) => {
      const answer = await world.app.inject({ method: "POST", url: "/registry/submit-passport", headers, payload });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    };

    before(async () => {
      world = await createPassportWorld(engine);
      weighted = (await scorerOf(world)).id;
      binary = (await scorerOf(world, simpleRules({ mode: "binary" }))).id;
      scores = (await keyOf(world, "scores")).headers;
      submit = (await keyOf(world, "submit")).headers;
      await world.service.submit(weighted, account, [await stampOf(alice.address)]);
    });
    after(() => world?.close());

    it("passport/v1-score-shape: the object of a weighted and of a binary scorer, field by field", async () => {
      const base = {
        address: account,
        status: "DONE",
        last_score_timestamp: iso(NOW),
        expiration_date: iso(NOW + 90 * DAY),
        error: null,
        stamp_scores: {},
      };
      const stored = await get(`/registry/score/${weighted}/${alice.address}`);
      expect(stored.body).to.deep.equal({ ...base, score: "1.000000000", evidence: null });
      const own = await get(`/registry/score/${weighted}/${account}`, await holderHeaders(world, alice));
      expect(own.body["stamp_scores"]).to.deep.equal({ Google: "1.00000" });
      // What is stored of the account is scored for a scorer that it never met.
      const { body } = await post({ address: alice.address, scorer_id: String(binary) });
      const evidence = { type: "ThresholdScoreCheck", success: true, rawScore: "1.00000", threshold: "1.00000" };
      expect(body).to.deep.equal({ ...base, score: "1.000000000", evidence });
      const nobody = await get(`/registry/score/${binary}/${accountOf("nobody")}`);
      expect(nobody).to.deep.include({ status: 404 });
      expect(nobody.body["detail"]).to.be.a("string");
    });

    it("passport/v1-signing-message: a message to sign, whose signature is checked when it is sent, once", async () => {
      const { body } = await get("/registry/signing-message");
      const { message, nonce } = body as { message: string; nonce: string };
      expect(nonce).to.match(/^[0-9a-f]{60}$/);
      expect(message).to.equal(
        "I hereby agree to submit my address in order to score my associated Gitcoin Passport from Ceramic.\n\nNonce: " +
          `${nonce}\n`,
      );
      const signed = {
        address: alice.address,
        scorer_id: weighted,
        nonce,
        signature: await alice.signMessage(message),
      };
      const forged = { ...signed, signature: await walletOf("mallory").signMessage(message) };
      const refused = await post(forged);
      expect([refused.status, refused.body["detail"]]).to.deep.equal([400, "Address does not match signature"]);
      expect((await post(signed)).status).to.equal(200);
      const again = await post(signed);
      expect([again.status, again.body["detail"]]).to.deep.equal([400, "Invalid nonce"]);
      expect((await post(signed, scores)).status).to.equal(403);
    });

    it("passport/v1-score-pages: pages by limit and offset, newer than a time, in either order", async () => {
      world.time.now = NOW + 10;
      await world.service.submit(weighted, accountOf("bob").toLowerCase(), [await stampOf(accountOf("bob"))]);
      const page = async (query: string) => {
        const { body, status } = await get(`/registry/score/${weighted}${query}`);
        const items = (body["items"] ?? []) as { address: string }[];
        return [status, body["count"], ...items.map(({ address }) => address)];
      };
      const bob = accountOf("bob").toLowerCase();
      expect(await page("")).to.deep.equal([200, 2, ...[account, bob].sort()]);
      expect(await page("?limit=1&offset=1&order_by=last_score_timestamp")).to.deep.equal([200, 2, bob]);
      const at = encodeURIComponent(iso(NOW + 10));
      expect(await page(`?last_score_timestamp__gte=${at}`)).to.deep.equal([200, 1, bob]);
      expect(await page(`?last_score_timestamp__gt=${at}`)).to.deep.equal([200, 0]);
      for (const wrong of ["?limit=1001", "?order_by=score", "?offset=-1", "?last_score_timestamp__gt=now"]) {
        expect((await page(wrong))[0], wrong).to.equal(400);
      }
    });

    it("serve stamps and their metadata under the old paths", async () => {
      const holder = await holderHeaders(world, alice);
      const { body } = await get(`/registry/stamps/${alice.address}?limit=1`, holder);
      expect(body).to.deep.include({ next: null, prev: null });
      expect(body["items"]).to.have.length(1);
      expect((await get(`/registry/stamps/${alice.address}`)).status).to.equal(403);
      const metadata = await world.app.inject({ url: "/registry/stamp-metadata", headers: scores });
      expect(metadata.body).to.equal((await world.app.inject({ url: "/v2/stamps/metadata", headers: scores })).body);
    });

    it("scores again what has expired, without a line of the log for each stamp that is over", async () => {
      world.time.now = NOW + 100 * DAY;
      const lines = () => world.db.selectFrom("stamp_events").select("type").execute();
      const before = await lines();
      const { body } = await post({ address: alice.address, scorer_id: binary });
      expect(body["evidence"]).to.include({ success: false, rawScore: "0.00000" });
      expect(await lines()).to.deep.equal(before);
    });
  });
}
