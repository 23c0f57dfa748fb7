import { expect } from "chai";
import fc from "fast-check";

import { verifyStamp } from "../../../src/passport/verify.js";
import { claimOf, refusedStamp, scorable } from "../../../src/scoring/assemble.js";
import { compileRules } from "../../../src/scoring/rules/compile.js";
import { ScoreKernel, UNKNOWN_PROVIDER } from "../../../src/scoring/rules/kernel.js";
import { claimLinks } from "../../../src/scoring/rules/links/claim-link.js";
import { linkScope, LinkTable } from "../../../src/scoring/rules/links/link.js";
import { releaseLinks } from "../../../src/scoring/rules/links/release-link.js";
import { accountOf, ALICE, context, issued, NOW } from "../../support/passport/stamps.js";
import { AT, DAY, rulesOf, scorerOf, stamp } from "../../support/scoring.js";

describe("from credential to score", () => {
  const BOB = accountOf("bob");
  const scorer = scorerOf({ threshold: "1", weights: { Google: "1" } });
  const scope = linkScope("1", scorer.scorer.rules.dedupe);

  const verified = async (account: string) => {
    const result = verifyStamp(await issued({ account }), account, context());
    if (result.status !== "valid") throw new Error(result.detail);
    return result.stamp;
  };

  it("scores one person once, tells the second account why, and follows a release", async () => {
    const links = new LinkTable();
    const score = (stampOf: Awaited<ReturnType<typeof verified>>, sequence: number, now: number) => {
      const { outcome, changes } = claimLinks(links, claimOf(stampOf, scope, sequence), now);
      links.apply(changes);
      return scorer.score([scorable(stampOf, outcome)], now);
    };
    const [alice, bob] = [await verified(ALICE), await verified(BOB)];
    expect(score(alice, 1, NOW).passing).to.equal(true);
    const second = score(bob, 2, NOW + 1);
    expect([second.passing, second.stamps[0]?.status]).to.deep.equal([false, "duplicate"]);
    expect(second.stamps[0]?.dedup).to.deep.include({ provider: "Google", since: NOW, releasesAt: NOW + 90 * DAY });
    expect(JSON.stringify(second)).to.not.include(ALICE.toLowerCase());

    const request = { scope, keys: alice.linkKeys, account: alice.account, sequence: 3, cooling: DAY };
    links.apply(releaseLinks(links, request, NOW + 2));
    const released = score(alice, 1, NOW + 3);
    expect([released.passing, released.stamps[0]?.status]).to.deep.equal([false, "gated"]);
    expect(score(bob, 2, NOW + 3).passing).to.equal(false);
    expect(score(bob, 2, NOW + 2 + DAY).passing).to.equal(true);
  });

  it("keeps a stamp that no longer verifies, with its reason and no points", async () => {
    const alice = await verified(ALICE);
    const result = scorer.score([refusedStamp(alice, { status: "banned", detail: "sold" })], NOW);
    expect(result.stamps[0]).to.deep.include({ status: "banned", detail: "sold", points: 0 });
    expect(result.sum).to.equal(0);
  });

  it("scoring/one-arithmetic: passports side by side in flat memory score as each does alone", () => {
    const rules = {
      threshold: "6",
      weights: { A: "4", B: "3", C: "2", D: "0" },
      groups: { g: { providers: ["A", "B"], cap: "5", diminishing: [10_000, 5_000] } },
      gate: "has(C) or count(g) >= 2",
    };
    const passports = fc.array(
      fc.array(
        fc.record({
          name: fc.constantFrom("A", "B", "C", "D", "X"),
          life: fc.integer({ min: -1, max: 4 }),
          refused: fc.boolean(),
        }),
        { maxLength: 6 },
      ),
      { maxLength: 6 },
    );
    for (const changes of [rules, { threshold: "6", weights: rules.weights }]) {
      const compiled = compileRules(rulesOf(changes));
      const alone = scorerOf(changes);
      fc.assert(
        fc.property(passports, (people) => {
          const all = people.flat();
          const flat = {
            providers: Uint16Array.from(all, ({ name }) => compiled.indexOf(name) ?? UNKNOWN_PROVIDER),
            expiries: Float64Array.from(all, ({ life }) => AT + life),
            refused: Uint8Array.from(all, ({ refused }) => (refused ? 1 : 0)),
          };
          const kernel = new ScoreKernel(compiled, 1);
          let from = 0;
          for (const person of people) {
            kernel.score(flat, from, from + person.length, AT);
            from += person.length;
            const refusal = { status: "banned", detail: "" } as const;
            const one = alone.score(
              person.map(({ name, life, refused }, at) => ({
                ...stamp(name, AT + life, `${at}`),
                ...(refused ? { refusal } : {}),
              })),
              AT,
            );
            expect({
              sum: kernel.sum,
              passing: kernel.passing,
              expiresAt: kernel.expiresAt === Infinity ? null : kernel.expiresAt,
              flipsAt: kernel.flipsAt === Infinity ? null : kernel.flipsAt,
            }).to.deep.equal({ sum: one.sum, passing: one.passing, expiresAt: one.expiresAt, flipsAt: one.flipsAt });
          }
        }),
      );
    }
  });
});
