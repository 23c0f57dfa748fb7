import { expect } from "chai";

import { readPassportLog } from "../../src/database/passport-log.js";
import { replayPassports, type LogEntry } from "../../src/scoring/service/replay.js";
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
import { accountOf } from "../support/passport/stamps.js";

const DAY = 86_400;
const alice = walletOf("alice");

for (const engine of engines) {
  describe(`bans, on ${engine.name}`, () => {
    let world: PassportWorld;
    let id: number;
    beforeEach(async () => {
      world = await createPassportWorld(engine);
      ({ id } = await scorerOf(world));
    });
    afterEach(() => world?.close());

    const post = async (url: string, headers: Record<string, string>, body: object) => {
      const answer = await world.app.inject({ method: "POST", url, headers, payload: body });
      const { id: ban, rescored, code } = answer.json<{ id?: number; rescored?: number; code?: string }>();
      return { status: answer.statusCode, ban, rescored, code };
    };
    const submit = async (...providers: string[]) =>
      world.service.submit(
        id,
        alice.address.toLowerCase(),
        await Promise.all(providers.map((provider) => stampOf(alice.address, provider))),
      );
    const passing = async () => (await world.service.score(id, alice.address.toLowerCase()))?.passing;

    it("passport/ban-by-event: an account is banned at once and until a time, and its holder reads why", async () => {
      await submit("Google");
      const bans = await keyOf(world, "bans");
      const until = world.time.now + DAY;
      const body = { kind: "account", subject: alice.address, until, reason: "sold its stamps" };
      expect((await post("/v1/bans", (await keyOf(world, "submit", "scorers")).headers, body)).status).to.equal(403);
      const made = await post("/v1/bans", bans.headers, body);
      expect(made).to.include({ status: 201, rescored: 1 });
      expect(await passing()).to.equal(false);
      const again = await submit("Google", "Discord");
      const detail = `account banned until ${until}: sold its stamps`;
      expect(again.results).to.have.deep.nested.property("[1].status", "banned");
      expect(again.results.map((result) => result.detail)).to.deep.equal([detail, detail]);

      const holder = await holderHeaders(world, alice);
      const own = await world.app.inject({ url: `/v1/passports/${alice.address}/bans`, headers: holder });
      const entry = { id: made.ban, kind: "account", subject: alice.address.toLowerCase(), provider: null, until };
      const by = { reason: "sold its stamps", author: `key:${bans.id}`, at: world.time.now };
      expect(own.json()).to.deep.equal({ bans: [{ ...entry, ...by }] });
      const others = await world.app.inject({ url: `/v1/passports/${accountOf("bob")}/bans`, headers: holder });
      expect(others.statusCode).to.equal(403);
      const explained = await world.app.inject({
        url: `/v1/scorers/${id}/passports/${alice.address}/explanation`,
        headers: holder,
      });
      expect(explained.body).to.include(detail);

      // It ends by its time; the next run says so.
      world.time.now = until;
      await world.rescorer.run(id, { author: "clock", reason: "daily" });
      expect(await passing()).to.equal(true);
      const { results } = await submit("Discord");
      expect(results[0]?.status).to.equal("counted");
    });

    it("passport/ban-lifted-by-event: a ban is lifted once, everything stays in the log, and a replay has the same bans", async () => {
      await submit("Google", "Discord");
      const { headers } = await keyOf(world, "operator");
      const body = { kind: "stamp", subject: alice.address, provider: "Google", reason: "rented" };
      const made = await post("/v1/bans", headers, body);
      expect(await passing()).to.equal(false);
      const lift = () => post(`/v1/bans/${made.ban}/release`, headers, { reason: "a mistake" });
      expect(await lift()).to.include({ status: 200, rescored: 1 });
      expect(await lift()).to.include({ status: 404, code: "scoring/unknown-ban" });
      expect(await passing()).to.equal(true);
      const causes = (await world.service.history(id, alice.address.toLowerCase())).map(({ cause }) => cause);
      expect(causes).to.deep.equal(["ban-lifted", "banned", "submitted"]);

      await post("/v1/bans", headers, { kind: "account", subject: accountOf("bob"), reason: "farm" });
      const log: LogEntry[] = [];
      for await (const entry of readPassportLog(world.db)) log.push(entry);
      expect(log.map(({ sequence }) => sequence)).to.deep.equal(log.map((_, index) => index + 1));
      const replayed = replayPassports(log);
      expect(replayed.bans.all(world.time.now)).to.deep.equal(await world.service.bans());
      expect(replayed.bans.all(world.time.now)).to.have.length(1);
      const events = log.flatMap((entry) => (entry.kind === "score" ? [entry.event] : []));
      expect(replayed.scoreEvents).to.deep.equal(events);
      const gone = await world.db
        .deleteFrom("ban_events")
        .execute()
        .catch((error: unknown) => String(error));
      expect(gone).to.include("append-only");
    });

    it("passport/banned-nullifier: evidence counts for nobody, whichever account brings it, in every process at once", async () => {
      const { results } = await submit("Google");
      const shown = await world.db.selectFrom("stamps").select("nullifiers").executeTakeFirstOrThrow();
      const [nullifier = ""] = JSON.parse(shown.nullifiers) as string[];
      expect(results[0]?.status).to.equal("counted");
      const other = await world.another();
      const { headers } = await keyOf(world, "bans");
      const banned = await post("/v1/bans", headers, { kind: "nullifier", subject: nullifier, reason: "leaked" });
      expect(banned).to.include({ status: 201, rescored: 1 });
      expect(await passing()).to.equal(false);
      const bob = accountOf("bob");
      const again = await other.service.submit(id, bob.toLowerCase(), [await stampOf(bob, "Google", alice.address)]);
      expect(again.results[0]).to.include({ status: "banned", detail: "nullifier banned: leaked" });
      const group = simpleRules({ dedupe: { scope: "group", group: "allies" } });
      const allied = await scorerOf(world, group);
      const carol = await stampOf(accountOf("carol"));
      await other.service.submit(allied.id, accountOf("carol").toLowerCase(), [carol]);
      const own = carol.credentialSubject.nullifiers?.[0];
      expect(await post("/v1/bans", headers, { kind: "nullifier", subject: own, reason: "leaked" })).to.include({
        rescored: 1,
      });
    });

    it("refuses a ban that makes no sense", async () => {
      const { headers } = await keyOf(world, "bans");
      const code = async (body: object) => (await post("/v1/bans", headers, { reason: "x", ...body })).code;
      const subject = alice.address;
      expect(await code({ kind: "stamp", subject })).to.equal("scoring/invalid-request");
      expect(await code({ kind: "account", subject, provider: "Google" })).to.equal("scoring/invalid-request");
      expect(await code({ kind: "nullifier", subject })).to.equal("scoring/invalid-request");
      expect(await code({ kind: "account", subject: "v1:abc" })).to.equal("scoring/invalid-request");
      expect(await code({ kind: "account", subject, until: world.time.now })).to.equal("scoring/invalid-request");
    });
  });
}
