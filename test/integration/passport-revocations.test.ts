import { expect } from "chai";

import { readPassportLog } from "../../src/database/passport-log.js";
import { signRevocations, type Revocation } from "../../src/passport/revocations.js";
import { replayPassports, type LogEntry } from "../../src/scoring/service/replay.js";
import { engines } from "../support/databases.js";
import { createPassportWorld, keyOf, scorerOf, stampOf, type PassportWorld } from "../support/passport/service.js";
import { accountOf, ISSUER_DID, issuerSigner, NOW, trust } from "../support/passport/stamps.js";

const lower = (name: string) => accountOf(name).toLowerCase();
const listOf = async (sequence: number, entries: readonly Revocation[]) =>
  JSON.parse(
    JSON.stringify(
      await signRevocations(
        { format: "touchstone-revocations-v1", issuer: ISSUER_DID, sequence, issuedAt: NOW, entries },
        issuerSigner,
      ),
    ),
  ) as unknown;
const revoked = (kind: Revocation["kind"], value = ""): Revocation => ({ kind, value, revokedAt: NOW, reason: "sold" });

for (const engine of engines) {
  describe(`issuers' revocation lists, on ${engine.name}`, () => {
    const lists: Record<string, unknown> = {};
    let compromised: object = {};
    let world: PassportWorld;
    let id: number;
    beforeEach(async () => {
      for (const name of Object.keys(lists)) delete lists[name];
      for (const name of ["issuer.json", "other.json"]) lists[name] = await listOf(1, []);
      compromised = {};
      const issuers = () =>
        trust({ did: ISSUER_DID, keys: [{ version: 0, address: issuerSigner.address, ...compromised }] });
      world = await createPassportWorld(engine, { lists, trust: () => ({ issuers: issuers() }) });
      ({ id } = await scorerOf(world));
    });
    afterEach(() => world?.close());

    const submit = async (name: string, process: Pick<PassportWorld, "service"> = world, evidence = name) =>
      (await process.service.submit(id, lower(name), [await stampOf(accountOf(name), "Google", evidence)])).results[0];
    const passing = async (name: string) => (await world.service.score(id, lower(name)))?.passing;
    const reload = async () => {
      const { headers } = await keyOf(world, "operator");
      const answer = await world.app.inject({ method: "POST", url: "/v1/revocation-lists/reload", headers });
      return answer.json<{ added: number; rescored: number; refused: { code: string }[] }>();
    };

    it("passport/revocations-reload: a list is read again on demand, scores follow, and every process knows at once", async () => {
      const taken = await submit("alice");
      await submit("bob");
      const other = await world.another();
      const { nullifiers } = await world.db
        .selectFrom("stamps")
        .select("nullifiers")
        .where("account", "=", lower("bob"))
        .executeTakeFirstOrThrow();
      const [nullifier] = JSON.parse(nullifiers) as string[];
      lists["issuer.json"] = await listOf(2, [
        revoked("credential", taken?.digest ?? ""),
        revoked("nullifier", nullifier),
      ]);
      expect(await reload()).to.deep.equal({ lists: 2, added: 2, rescored: 2, refused: [] });
      expect([await passing("alice"), await passing("bob")]).to.deep.equal([false, false]);
      expect(await submit("alice", other)).to.include({ status: "banned", detail: "credential revoked: sold" });
      expect(await submit("carol", other, "bob")).to.include({ status: "banned", detail: "nullifier revoked: sold" });
      expect(await reload()).to.deep.equal({ lists: 2, added: 0, rescored: 0, refused: [] });
    });

    it("passport/revoked-for-ever: neither a newer list nor a restart brings a stamp back", async () => {
      const taken = await submit("alice");
      lists["issuer.json"] = await listOf(2, [revoked("credential", taken?.digest ?? "")]);
      await reload();
      lists["issuer.json"] = await listOf(3, []);
      expect(await reload()).to.include({ added: 0 });
      await world.rescorer.run(id, { author: "clock", reason: "daily" });
      expect(await passing("alice")).to.equal(false);
      const fresh = await world.another();
      expect(await submit("alice", fresh)).to.include({ status: "banned" });

      const log: LogEntry[] = [];
      for await (const entry of readPassportLog(world.db)) log.push(entry);
      expect(log.map(({ sequence }) => sequence)).to.deep.equal(log.map((_, index) => index + 1));
      const replayed = replayPassports(log);
      expect(replayed.revocations.findCredential(ISSUER_DID, taken?.digest ?? "")).to.include({ reason: "sold" });
      const events = log.flatMap((entry) => (entry.kind === "score" ? [entry.event] : []));
      expect(replayed.scoreEvents).to.deep.equal(events);
    });

    it("passport/stolen-key-revokes-nothing: a list that cannot be believed or read is refused, and says why", async () => {
      const taken = await submit("alice");
      compromised = { compromisedAt: NOW, until: NOW };
      lists["issuer.json"] = await listOf(2, [revoked("credential", taken?.digest ?? "")]);
      lists["other.json"] = { format: "touchstone-revocations-v1" };
      const { refused, added } = await reload();
      expect(added).to.equal(0);
      expect(refused.map(({ code }) => code)).to.deep.equal([
        "passport/revocations-compromised",
        "passport/revocations-malformed",
      ]);
    });
  });
}
