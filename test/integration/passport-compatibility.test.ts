import { expect } from "chai";

import type { Logger } from "../../src/shared/logger.js";
import { engines } from "../support/databases.js";
import {
  createPassportWorld,
  holderHeaders,
  keyOf,
  rules,
  scorerOf,
  stampOf,
  walletOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, NOW } from "../support/passport/stamps.js";

const DAY = 86_400;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

for (const engine of engines) {
  describe(`what integrators of the ecosystem's API read, on ${engine.name}`, () => {
    let world: PassportWorld;
    let id: number;
    let scores: { id: string; headers: Record<string, string> };
    let stamps: { id: string; headers: Record<string, string> };
    const lines: string[] = [];
    const note = (fields: object, message: string) => void lines.push(JSON.stringify([fields, message]));
    const logger: Logger = { info: note, warn: note, error: note };
    const alice = walletOf("alice");
    const account = alice.address.toLowerCase();
    const get = (url: string, headers: Record<string, string>) => world.app.inject({ url, headers });

    before(async () => {
      world = await createPassportWorld(engine, { logger });
      ({ id } = await scorerOf(world, rules()));
      scores = await keyOf(world, "scores");
      stamps = await keyOf(world, "scores", "stamps");
      const providers = Object.keys(rules().weights);
      const credentials = await Promise.all(providers.map((provider) => stampOf(alice.address, provider)));
      const answer = await world.app.inject({
        method: "POST",
        url: `/v1/scorers/${id}/passports/${alice.address}/stamps`,
        headers: await holderHeaders(world, alice),
        payload: { credentials },
      });
      expect(answer.statusCode, answer.body).to.equal(200);
    });
    after(() => world?.close());

    it("passport/v2-score-shape: the main object, field by field", async () => {
      const holder = await holderHeaders(world, alice);
      const answer = await get(`/v2/stamps/${id}/score/${alice.address}`, holder);
      const stamp = (score: string) => ({ score, dedup: false, expiration_date: iso(NOW + 90 * DAY) });
      expect(answer.json()).to.deep.equal({
        address: account,
        score: "20.00000",
        passing_score: true,
        last_score_timestamp: iso(NOW),
        expiration_timestamp: iso(NOW + 90 * DAY),
        threshold: "20.00000",
        error: null,
        stamps: {
          "ETHDaysActive#50": stamp("0.20700"),
          HolonymGovIdProvider: stamp("16.02600"),
          "githubContributionActivityGte#30": stamp("1.87900"),
          "githubContributionActivityGte#60": stamp("1.88800"),
        },
      });
    });

    it("passport/v2-duplicate-and-stranger: a duplicate is marked, a stranger has zero under the scorer's own threshold", async () => {
      const mallory = walletOf("mallory");
      const copy = await stampOf(mallory.address, "HolonymGovIdProvider", alice.address);
      await world.service.submit(id, mallory.address.toLowerCase(), [copy]);
      const answer = await get(`/v2/stamps/${id}/score/${mallory.address}`, await holderHeaders(world, mallory));
      expect(answer.json().stamps).to.deep.equal({
        HolonymGovIdProvider: { score: "0.00000", dedup: true, expiration_date: iso(NOW + 90 * DAY) },
      });
      const stranger = accountOf("stranger");
      expect((await get(`/v2/stamps/${id}/score/${stranger}`, scores.headers)).json()).to.deep.equal({
        address: stranger.toLowerCase(),
        score: "0.00000",
        passing_score: false,
        last_score_timestamp: null,
        expiration_timestamp: null,
        threshold: "20.00000",
        error: null,
        stamps: {},
      });
    });

    it("passport/score-without-stamps: a key for scores reads no stamps; a key for stamps does after the holder's consent", async () => {
      const score = `/v2/stamps/${id}/score/${alice.address}`;
      const list = `/v2/stamps/${alice.address}`;
      expect((await get(score, scores.headers)).json()).to.deep.include({ score: "20.00000", stamps: {} });
      expect((await get(list, scores.headers)).statusCode).to.equal(403);
      expect((await get(list, stamps.headers)).statusCode).to.equal(403);
      expect((await get(score, stamps.headers)).json().stamps).to.deep.equal({});
      const consent = `/v1/passports/${alice.address}/consents/${stamps.id}`;
      const mallory = await holderHeaders(world, walletOf("mallory"));
      expect((await world.app.inject({ method: "PUT", url: consent, headers: mallory })).statusCode).to.equal(403);
      const headers = await holderHeaders(world, alice);
      expect((await world.app.inject({ method: "PUT", url: consent, headers })).statusCode).to.equal(200);
      expect(Object.keys((await get(score, stamps.headers)).json().stamps)).to.have.length(4);
      // A consent gives no scope that a key does not have.
      await world.keyStore.giveConsent(account, scores.id, NOW);
      expect((await get(score, scores.headers)).json().stamps).to.deep.equal({});
      expect((await get(list, stamps.headers)).json().items).to.have.length(4);
      expect((await world.app.inject({ method: "DELETE", url: consent, headers })).statusCode).to.equal(200);
      expect((await get(list, stamps.headers)).statusCode).to.equal(403);
    });

    it("passport/v2-stamp-pages: cursors lead forward and back over {next, prev, items}", async () => {
      const headers = await holderHeaders(world, alice);
      const all = (await get(`/v2/stamps/${alice.address}`, headers)).json();
      expect(Object.keys(all)).to.deep.equal(["next", "prev", "items"]);
      expect([all.next, all.prev, all.items.length, all.items[0].version]).to.deep.equal([null, null, 4, "1.0.0"]);
      expect(all.items[0].credential.credentialSubject.provider).to.be.a("string");
      const first = (await get(`/v2/stamps/${alice.address}?limit=3`, headers)).json();
      expect([first.items.length, first.prev]).to.deep.equal([3, null]);
      const token = new URL(first.next, "http://x").searchParams.get("token") as string;
      expect(JSON.parse(Buffer.from(token, "base64url").toString())).to.have.all.keys("d", "id");
      const second = (await get(first.next, headers)).json();
      expect([...first.items, ...second.items]).to.deep.equal(all.items);
      expect(second.next).to.equal(null);
      const back = (await get(second.prev, headers)).json();
      expect(back.items).to.deep.equal(first.items);
      expect(back.prev).to.equal(null);
      expect((await get(`/v2/stamps/${alice.address}?limit=1001`, headers)).json()).to.deep.include({
        status: 400,
        detail: "Invalid limit",
      });
    });

    it("passport/v2-history-at: the last event at or before a time; the list has cursor, cause and version", async () => {
      const url = `/v2/stamps/${id}/score/${alice.address}/history`;
      const at = await get(`${url}?created_at=${iso(NOW + DAY)}`, scores.headers);
      expect(at.json()).to.deep.include({ address: account, score: "20.00000", passing_score: true });
      expect((await get(`${url}?created_at=2020-01-01`, scores.headers)).statusCode).to.equal(404);
      expect((await get(url, scores.headers)).json()).to.deep.include({ status: 400, detail: "created_at missing" });
      await world.service.revoke(
        (await world.store.credentials(account, { after: 0, limit: 1 }))[0]?.digest as string,
        { author: "tests", reason: "sold" },
      );
      const list = `/v1/scorers/${id}/passports/${alice.address}/history`;
      const newest = (await get(`${list}?limit=1`, scores.headers)).json();
      expect(newest.events[0]).to.deep.include({ cause: "revoked", version: 1 });
      expect(newest.events[0]).to.not.have.property("stamps");
      const older = (await get(`${list}?limit=1&before=${newest.before}`, scores.headers)).json();
      expect(older.events[0]).to.deep.include({ cause: "submitted", sum: "20.00000", passing: true });
      const then = (await get(`${list}?at=${NOW - 1}`, scores.headers)).json();
      expect(then.events).to.deep.equal([]);
    });

    it("passport/v2-metadata-and-errors: platforms with groups of stamps; failures carry detail", async () => {
      const answer = await get("/v2/stamps/metadata", scores.headers);
      expect(answer.headers["cache-control"]).to.equal("max-age=3600");
      const [platform] = answer.json();
      expect(platform).to.have.all.keys("id", "icon", "name", "description", "connectMessage", "groups");
      expect(platform.groups[0].stamps[0]).to.have.all.keys("name", "description", "hash");
      const problem = (headers: Record<string, string>, url = `/v2/stamps/${id}/score/${alice.address}`) =>
        get(url, headers).then((reply) => [reply.statusCode, reply.json().detail]);
      expect(await problem({})).to.deep.equal([401, "Invalid API Key"]);
      expect(await problem({ "x-api-key": "000000000000.nobody" })).to.deep.equal([401, "Invalid API Key"]);
      expect(await problem(scores.headers, `/v2/stamps/99/score/${alice.address}`)).to.deep.equal([
        404,
        "there is no scorer 99",
      ]);
      expect((await problem(scores.headers, `/v2/stamps/${id}/score/0x12`))[0]).to.equal(400);
    });

    it("passport/bulk-scores: 10,000 accounts in one request, a line each, in the order asked", async () => {
      const addresses = Array.from({ length: 9_999 }, (_, at) => `0x${at.toString(16).padStart(40, "0")}`);
      addresses.splice(5_000, 0, alice.address);
      const answer = await world.app.inject({
        method: "POST",
        url: `/v1/scorers/${id}/scores`,
        headers: scores.headers,
        payload: { addresses },
      });
      const rows = answer.body
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { address: string; score: string });
      expect(rows.map(({ address }) => address)).to.deep.equal(addresses.map((address) => address.toLowerCase()));
      expect([rows[5_000]?.score === null, rows[0]?.score]).to.deep.equal([false, null]);
      const tooMany = { addresses: [...addresses, alice.address] };
      const refused = await world.app.inject({
        method: "POST",
        url: `/v1/scorers/${id}/scores`,
        headers: scores.headers,
        payload: tooMany,
      });
      expect(refused.statusCode).to.equal(400);
    });

    it("passport/logs-name-nobody: no account, credential, key or signature is in the log", async () => {
      const { headers } = await keyOf(world, "operator");
      await world.app.inject({
        method: "POST",
        url: `/v1/scorers/${id}/rescores`,
        headers,
        payload: { reason: "log" },
      });
      await world.rescorer.runOpen();
      expect(lines).to.have.length.greaterThan(3);
      const text = lines.join("\n").toLowerCase();
      expect(text).to.not.match(/0x[0-9a-f]{40}(?![0-9a-f])/);
      expect(text).to.not.include(headers["x-api-key"].toLowerCase());
      expect(text).to.not.include("credentialsubject");
    });

    it("documents itself and reports its health", async () => {
      expect((await get("/docs/json", {})).json().info.title).to.equal("Touchstone passport service");
      expect((await get("/ready", {})).json()).to.deep.equal({ ready: true, database: "ok" });
      expect((await get("/metrics", {})).body).to.include("touchstone_passport_stamps_total");
    });
  });
}
