import { expect } from "chai";
import fc from "fast-check";

import { matchedPerDonor } from "../../../../src/funding/attribution.js";
import { capPayouts, sharePool } from "../../../../src/funding/pool.js";
import { collectRound } from "../../../../src/funding/round.js";
import { standardMatching } from "../../../../src/funding/rules/standard.js";
import { compileRules } from "../../../../src/scoring/rules/compile.js";
import { parseRules } from "../../../../src/scoring/rules/parse-rules.js";
import { PassportScorer } from "../../../../src/scoring/rules/score.js";
import { FARM_FIGURES, farmProfit } from "../../../../src/sybil/cost/farm-profit.js";
import { cheapestScorerPass } from "../../../../src/sybil/cost/scorer-pass.js";
import { matchRound } from "../../../../src/funding/match.js";
import { assessRound, PERSONAL_SOURCES, refitWithout } from "../../../../src/sybil/assess.js";
import { DEFAULT_HEURISTICS } from "../../../../src/sybil/heuristics/parse-heuristics.js";
import { DEFAULT_MODEL } from "../../../../src/sybil/model/fit-model.js";
import type { ReportFacts } from "../../../../src/sybil/report/facts.js";
import { bandsSection } from "../../../../src/sybil/report/sections/bands.js";
import { groupsSection } from "../../../../src/sybil/report/sections/groups.js";
import { modelSection } from "../../../../src/sybil/report/sections/model.js";
import { reportOf, smallRound } from "../../../support/sybil-report.js";

describe("what donations brought", () => {
  it("sybil/matched-money-adds-up", () => {
    const gift = fc.record({ donor: fc.nat(6), project: fc.nat(3), amount: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(fc.array(gift, { minLength: 1, maxLength: 25 }), (gifts) => {
        const round = collectRound(
          gifts.map((one) => ({ donor: `d${one.donor}`, project: `p${one.project}`, amount: one.amount })),
        );
        const figures = standardMatching(round).map((figure) => (figure < 1e-9 ? 0 : figure));
        const payouts = capPayouts(sharePool(figures, 1_000), 1);
        const matched = matchedPerDonor(round, payouts);
        const paid = payouts.reduce((sum, payout) => sum + payout, 0);
        expect(matched.reduce((sum, value) => sum + value, 0)).to.be.closeTo(paid, 1e-6);
        // By pairs: the root of both sums, twice, shared between the two.
        round.donorNames.forEach((_, donor) => {
          let wanted = 0;
          round.projectNames.forEach((__, p) => {
            const [from, to] = [round.starts[p]!, round.starts[p + 1]!];
            const own = Array.from({ length: to - from }, (___, at) => from + at).find(
              (e) => round.donors[e] === donor,
            );
            if (own === undefined || figures[p] === 0) return;
            for (let e = from; e < to; e++) {
              if (e !== own) wanted += (payouts[p]! * Math.sqrt(round.amounts[own]! * round.amounts[e]!)) / figures[p]!;
            }
          });
          expect(matched[donor]).to.be.closeTo(wanted, 1e-6);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe("passing a scorer for money", () => {
  const names = ["a", "b", "c", "d", "e"];
  const rulesOf = fc.record({
    weights: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 5 }),
    prices: fc.array(fc.option(fc.integer({ min: 0, max: 20 })), { minLength: 5, maxLength: 5 }),
    threshold: fc.integer({ min: 1, max: 20 }),
    gate: fc.constantFrom(
      undefined,
      "has(a)",
      "has(a) or has(b)",
      "has(a) and (has(b) or has(c))",
      "count(g) >= 2",
      "sum(g) >= 5",
    ),
    cap: fc.option(fc.integer({ min: 1, max: 9 })),
    required: fc.constantFrom([], ["e"]),
    total: fc.constantFrom(undefined, { maxStamps: 3 }),
    providers: fc.constantFrom(undefined, ["a", "b", "c", "e"]),
  });

  it("sybil/cheapest-pass-of-the-current-rules", () => {
    fc.assert(
      fc.property(rulesOf, ({ weights, prices, threshold, gate, cap, required, total, providers }) => {
        const rules = parseRules({
          format: "touchstone-scorer-rules-v1",
          threshold: String(threshold),
          weights: Object.fromEntries(names.map((name, at) => [name, String(weights[at])])),
          groups: { g: { providers: ["a", "b", "c"], ...(cap === null ? {} : { cap: String(cap) }) } },
          required,
          ...(gate === undefined ? {} : { gate }),
          ...(total === undefined ? {} : { total }),
          ...(providers === undefined ? {} : { providers }),
        });
        const priced = new Map(
          names.flatMap((name, at) => (prices[at] === null ? [] : [[name, prices[at]!] as const])),
        );
        const scorer = new PassportScorer(compileRules(rules));
        let least = Infinity;
        for (let set = 0; set < 2 ** names.length; set++) {
          const held = names.filter((_, at) => (set & (1 << at)) !== 0);
          if (!held.every((name) => priced.has(name))) continue;
          const stamps = held.map((provider) => ({ provider, digest: provider, expiresAt: 2 ** 40 }));
          if (!scorer.score(stamps, 1).passing) continue;
          least = Math.min(
            least,
            held.reduce((sum, name) => sum + priced.get(name)!, 0),
          );
        }
        const found = cheapestScorerPass(rules, priced);
        expect(found?.cost ?? Infinity).to.equal(least);
        if (found !== undefined) {
          const stamps = found.stamps.map((provider) => ({ provider, digest: provider, expiresAt: 2 ** 40 }));
          expect(scorer.score(stamps, 1).passing).to.equal(true);
          expect(found.exact).to.equal(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("sybil/farms-are-priced-by-each-rule", () => {
    for (const n of [1, 2, 5]) {
      const farm = collectRound(Array.from({ length: n }, (_, at) => ({ donor: `f${at}`, project: "p", amount: 7 })));
      const memberships = new Map(farm.donorNames.map((name) => [name, ["farm"]]));
      const close = (figure: number, wanted: number) => expect(figure).to.be.closeTo(wanted, 1e-9);
      close(matchRound(farm, { kind: "standard" })[0]!, FARM_FIGURES.standard(n, 7, 25));
      close(matchRound(farm, { kind: "pairwise", m: 25 })[0]!, FARM_FIGURES.pairwise(n, 7, 25));
      close(matchRound(farm, { kind: "donation-profiles" })[0]!, FARM_FIGURES["donation-profiles"](n, 7, 25));
      const cocm = { kind: "cocm", closeness: "markov", discount: "harsh" } as const;
      close(matchRound(farm, cocm, memberships)[0]!, FARM_FIGURES.cocm(n, 7, 25));
    }
    const market = { pool: 1_000, cap: 0.5, figures: 1_000, donation: 10, m: 25 };
    const profit = (n: number) => 1_000 * Math.min(0.5, (10 * n * (n - 1)) / (1_000 + 10 * n * (n - 1))) - 20 * n;
    const sizes = Array.from({ length: 200 }, (_, at) => at + 1);
    const found = farmProfit("standard", market, 20);
    expect(found.largest).to.equal(Math.max(0, ...sizes.filter((n) => profit(n) > 0)));
    expect(found.profit).to.be.closeTo(Math.max(...sizes.map(profit)), 1e-9);
    expect(profit(found.best)).to.equal(found.profit);
    expect(found.gainPerAccount).to.be.closeTo(Math.max(...sizes.map((n) => (profit(n) + 20 * n) / n)), 1e-9);
    expect(farmProfit("cocm", market, 20)).to.deep.include({ largest: 0, best: 0, profit: 0, gainPerAccount: 0 });
  });
});

describe("sections", () => {
  const factsOf = (sums: readonly number[], flags: readonly number[]): ReportFacts =>
    ({
      scores: { sums: Float64Array.from(sums), threshold: 20 },
      flagged: Uint8Array.from(flags),
    }) as unknown as ReportFacts;

  it("sybil/report-names-an-inversion", () => {
    const scores = Array.from({ length: 400 }, (_, at) => at / 10);
    const inverted = bandsSection(
      factsOf(
        scores,
        scores.map((score, at) => Number(at % 40 < score)),
      ),
    )!;
    expect(inverted.inverted).to.equal(true);
    expect(inverted.verdict).to.match(/inverted/);
    const upright = bandsSection(
      factsOf(
        scores,
        scores.map((score, at) => Number(at % 40 >= score)),
      ),
    )!;
    expect(upright).to.deep.include({ inverted: false, rising: [] });
    expect(upright.verdict)
      .to.match(/less often/)
      .and.not.to.match(/inverted/);
    // The threshold itself passes: it is the first score of the first band that does.
    const [below, above] = [19.9999, 20].map((score) =>
      bandsSection(factsOf([score, 1, 40], [1, 0, 0]))!.bands.find(({ flagged }) => flagged.hits === 1)!,
    );
    expect([below!.passes, above!.passes]).to.deep.equal([false, true]);
    expect(bandsSection(factsOf([0, 0], [1, 0]))!.bands.map(({ label }) => label)).to.deep.equal(["none"]);
  });

  it("sybil/little-data-is-told-apart", () => {
    const tables = smallRound();
    const { flagged } = assessRound(tables);
    const groups = new Map(
      groupsSection({ tables, flagged } as ReportFacts).map(({ group, flagged: share }) => [group, share]),
    );
    const young = (row: number) => (tables.accounts[row]!.created ?? 0) > tables.settings.closedAt - 90 * 86_400;
    const rows = [...flagged.keys()];
    expect(groups.get("newcomers")).to.deep.include({
      count: rows.filter(young).length,
      hits: rows.filter((row) => young(row) && flagged[row] === 1).length,
    });
    expect(groups.get("everybody")!.count).to.equal(rows.length);
    expect(groups.get("little known")!.count + groups.get("more known")!.count).to.equal(rows.length);
    const parts = ["newcomers", "established", "age unknown"].map((group) => groups.get(group)?.count ?? 0);
    expect(parts.reduce((sum, count) => sum + count, 0)).to.equal(rows.length);
  });
});

describe("a model without personal data", () => {
  const { rules } = DEFAULT_HEURISTICS;

  it("sybil/report-says-what-personal-data-are-worth", async () => {
    const tables = smallRound();
    const { model } = (await reportOf(tables)).result;
    // The same question asked of a whole assessment.
    const impersonal = assessRound(tables, { withoutSources: PERSONAL_SOURCES });
    const whole = assessRound(tables);
    expect(whole.labels.source).to.equal("people");
    const { auc } = impersonal.model!.quality;
    expect(auc).to.not.equal(whole.model!.quality.auc);
    const personal = ["nameDistance", "nameMatches", "originsUsed", "originsShared", "originsRatio"];
    expect(model!.withoutPersonalData).to.deep.equal({
      leftOut: [...personal, "clusterSize", "clusterSigns"],
      auc,
      lost: whole.model!.quality.auc - auc,
    });
    // Folds are the assessment's.
    const settings = { ...DEFAULT_MODEL, seed: 5 };
    const config = { model: settings, withoutSources: PERSONAL_SOURCES };
    const refit = refitWithout(PERSONAL_SOURCES, tables, assessRound(tables, { model: settings }), {
      rules,
      model: settings,
    });
    expect(refit.model!.quality).to.deep.equal(assessRound(tables, config).model!.quality);
    expect(refit.model!.quality.auc).to.not.equal(auc);
  });

  it("says that there is none, and that nothing is lost where the model read none of it", () => {
    const tables = smallRound();
    const facts = { tables, assessment: assessRound(tables) } as unknown as ReportFacts;
    const none = modelSection(facts, { leftOut: ["nameDistance"], model: undefined })!.withoutPersonalData;
    expect(none).to.deep.equal({ leftOut: ["nameDistance"], auc: null, lost: null });
    // The built-in strong rules read names and origins: a model that learns from them must not.
    const unjudged = { ...tables, labels: [] };
    const assessment = assessRound(unjudged);
    expect(assessment.labels.source).to.equal("rules");
    const refit = refitWithout(PERSONAL_SOURCES, unjudged, assessment, { rules });
    expect(refit).to.deep.equal({ leftOut: [], model: assessment.model });
    const { quality, withoutPersonalData } = modelSection({ ...facts, tables: unjudged, assessment }, refit)!;
    expect(withoutPersonalData).to.deep.equal({ leftOut: [], auc: quality.auc, lost: 0 });
  });
});
