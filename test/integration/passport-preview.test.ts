import { expect } from "chai";

import { engines } from "../support/databases.js";
import {
  createPassportWorld,
  keyOf,
  scorerOf,
  simpleRules,
  stampOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf } from "../support/passport/stamps.js";

for (const engine of engines) {
  describe(`what rules would change, on ${engine.name}`, () => {
    let world: PassportWorld;
    let id: number;
    before(async () => {
      world = await createPassportWorld(engine);
      ({ id } = await scorerOf(world));
      const shown: Record<string, string[]> = { alice: ["Google"], bob: ["Google", "Discord"], carol: ["Discord"] };
      for (const [name, providers] of Object.entries(shown)) {
        const stamps = providers.map((provider) => stampOf(accountOf(name), provider));
        await world.service.submit(id, accountOf(name).toLowerCase(), await Promise.all(stamps));
      }
    });
    after(() => world?.close());

    const preview = async (document: unknown, headers: Record<string, string>) => {
      const url = `/v1/scorers/${id}/previews`;
      const answer = await world.app.inject({ method: "POST", url, headers, payload: { rules: document } });
      const lines = answer.body.trim().split("\n");
      return { status: answer.statusCode, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
    };
    const stateOf = async () =>
      JSON.stringify([
        await world.db.selectFrom("passport_head").selectAll().execute(),
        await world.db.selectFrom("scores").selectAll().orderBy("account").execute(),
        await world.db.selectFrom("links").selectAll().orderBy("key").execute(),
      ]);

    it("passport/preview-tells-flips: each with its sums, the counts last, and nothing is written; a rescore then does the same", async () => {
      const { headers } = await keyOf(world, "operator");
      const proposed = simpleRules({ threshold: "0.8", weights: { Google: "0.7", Discord: "0.9" } });
      const before = await stateOf();
      const { lines } = await preview(proposed, headers);
      expect(await stateOf()).to.equal(before);
      const flips = lines.slice(0, -1).sort((a, b) => (String(a["address"]) < String(b["address"]) ? -1 : 1));
      const flip = (name: string, from: [string, boolean], to: [string, boolean]) => ({
        address: accountOf(name).toLowerCase(),
        before: { sum: from[0], passing: from[1] },
        after: { sum: to[0], passing: to[1] },
      });
      expect(flips).to.deep.equal(
        [
          flip("alice", ["1.00000", true], ["0.70000", false]),
          flip("carol", ["0.50000", false], ["0.90000", true]),
        ].sort((a, b) => (a.address < b.address ? -1 : 1)),
      );
      expect(lines.at(-1)?.["summary"]).to.deep.include({
        ...{ version: 1, accounts: 3, changed: 3, gained: 1, lost: 1, passingBefore: 2, passingAfter: 2 },
        otherScope: false,
      });
      await world.service.addVersion(id, proposed, { author: "council", reason: "as previewed" });
      const run = await world.rescorer.run(id, { author: "council", reason: "as previewed" });
      expect(run).to.include({ changed: 3, flipped: 2 });
    });

    it("is for whoever may change the scorer, and refuses what are no rules", async () => {
      const { headers } = await keyOf(world, "operator");
      const strangers = await preview(simpleRules(), (await keyOf(world, "scorers")).headers);
      expect([strangers.status, strangers.lines[0]?.["code"]]).to.deep.equal([403, "access/missing-permission"]);
      const nonsense = await preview({ format: "none" }, headers);
      expect([nonsense.status, nonsense.lines[0]?.["code"]]).to.deep.equal([400, "scoring/rules-malformed"]);
      const elsewhere = await preview(simpleRules({ dedupe: { scope: "global" } }), headers);
      expect(elsewhere.lines.at(-1)?.["summary"]).to.include({ otherScope: true });
    });
  });
}
