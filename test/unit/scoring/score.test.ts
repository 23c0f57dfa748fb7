import { expect } from "chai";
import fc from "fast-check";

import { readScore } from "../../../src/scoring/rules/read-score.js";
import { scaleOf } from "../../../src/scoring/rules/scale.js";
import { AT, DAY, rulesOf, scorerOf, stamp } from "../../support/scoring.js";

const EXACT = [
  "ETHDaysActive#50",
  "githubContributionActivityGte#30",
  "githubContributionActivityGte#60",
  "HolonymGovIdProvider",
];
const status = (result: { stamps: readonly { provider: string; status: string; points: number }[] }) =>
  Object.fromEntries(result.stamps.map(({ provider, status: what, points }) => [provider, `${what} ${points}`]));

describe("PassportScorer", () => {
  it("scoring/exact-sum-passes: 0.207 + 1.879 + 1.888 + 16.026 is 20.000", () => {
    const result = scorerOf().score(
      EXACT.map((provider) => stamp(provider)),
      AT,
    );
    expect([result.sum, result.passing, result.score]).to.deep.equal([200_000, true, 200_000]);
    // The same weights as binary fractions, added exactly: the fault this vector was found by.
    const binary = [0.207, 1.879, 1.888, 16.026].map((weight) => BigInt(weight.toFixed(80).replace(".", "")));
    expect(binary.reduce((sum, weight) => sum + weight) < 20n * 10n ** 80n).to.equal(true);
    expect(
      scorerOf({ threshold: "20.0001" }).score(
        EXACT.map((provider) => stamp(provider)),
        AT,
      ).passing,
    ).to.equal(false);
  });

  it("publishes 1 or 0 in binary mode, and the sum beside it", () => {
    const binary = scorerOf({ mode: "binary" });
    const pass = binary.score(
      EXACT.map((provider) => stamp(provider)),
      AT,
    );
    const fail = binary.score([stamp("HolonymGovIdProvider")], AT);
    expect([pass.score, pass.sum, fail.score, fail.sum]).to.deep.equal([10_000, 200_000, 0, 160_260]);
  });

  it("scoring/one-stamp-per-provider: the latest expiry counts, the other is a duplicate", () => {
    const weights = { Google: "1" };
    const early = stamp("Google", AT + DAY, "early");
    const late = stamp("Google", AT + 2 * DAY, "late");
    for (const order of [
      [early, late],
      [late, early],
    ]) {
      const result = scorerOf({ weights }).score(order, AT);
      expect(result.sum).to.equal(10_000);
      expect(result.stamps.map(({ digest, status: what }) => `${digest} ${what}`)).to.deep.equal([
        "late counted",
        "early duplicate",
      ]);
      expect(result.expiresAt).to.equal(AT + 2 * DAY);
    }
  });

  it("takes the next stamp of a provider when the longer-lived one is refused", () => {
    const refusal = { status: "duplicate", detail: "held by another account" } as const;
    const result = scorerOf({ weights: { Google: "1" } }).score(
      [{ ...stamp("Google", AT + 2 * DAY, "b"), refusal }, stamp("Google", AT + DAY, "a")],
      AT,
    );
    expect(result.stamps.map(({ status: what, points }) => [what, points])).to.deep.equal([
      ["duplicate", 0],
      ["counted", 10_000],
    ]);
    expect(result.expiresAt).to.equal(AT + DAY);
  });

  it("scoring/expiry-ignores-weightless-stamps: the earliest among those that contribute", () => {
    const result = scorerOf({ weights: { Google: "1", Ens: "2", Zero: "0" } }).score(
      [
        stamp("Google", AT + 3 * DAY),
        stamp("Ens", AT + 2 * DAY),
        stamp("Zero", AT + DAY),
        stamp("Unheard", AT + 1),
        stamp("Old", AT),
      ],
      AT,
    );
    expect(result.expiresAt).to.equal(AT + 2 * DAY);
    expect(status(result)).to.deep.equal({
      Ens: "counted 20000",
      Google: "counted 10000",
      Old: "expired 0",
      Unheard: "counted 0",
      Zero: "counted 0",
    });
  });

  it("scoring/verdict-flips-at: stamps drop in the order of their expiry until the sum is too small", () => {
    const weights = { A: "10", B: "10", C: "5" };
    const stamps = [stamp("C", AT + DAY), stamp("B", AT + 2 * DAY), stamp("A", AT + 3 * DAY)];
    const result = scorerOf({ weights }).score(stamps, AT);
    expect([result.sum, result.expiresAt, result.flipsAt]).to.deep.equal([250_000, AT + DAY, AT + 2 * DAY]);
    const again = scorerOf({ weights }).score(stamps, AT + DAY);
    expect([again.sum, again.passing, again.flipsAt]).to.deep.equal([200_000, true, AT + 2 * DAY]);
    expect(scorerOf({ weights }).score(stamps, AT + 2 * DAY).passing).to.equal(false);
    expect(scorerOf({ weights }).score(stamps, AT + 2 * DAY).flipsAt).to.equal(null);
  });

  it("applies limits best first: count, diminishing, cap, then the same over everything", () => {
    const weights = { A: "5", B: "4", C: "3", D: "2", E: "6" };
    const groups = {
      social: { providers: ["A", "B", "C", "D"], maxStamps: 3, diminishing: [10_000, 5_000], cap: "8" },
    };
    const all = ["A", "B", "C", "D", "E"].map((name) => stamp(name));
    const result = scorerOf({ weights, groups, threshold: "10" }).score(all, AT);
    expect(status(result)).to.deep.equal({
      A: "counted 50000",
      B: "capped 20000",
      C: "capped 10000",
      D: "capped 0",
      E: "counted 60000",
    });
    expect(result.sum).to.equal(140_000);
    const total = scorerOf({ weights, groups, threshold: "10", total: { cap: "12", maxStamps: 3 } }).score(all, AT);
    expect(status(total)).to.deep.equal({
      A: "counted 50000",
      B: "capped 10000",
      C: "capped 0",
      D: "capped 0",
      E: "counted 60000",
    });
  });

  it("ranks for the total by what the groups have left, not by weight", () => {
    const rules = {
      weights: { A: "5", B: "4" },
      groups: { g: { providers: ["A"], cap: "1" } },
      total: { maxStamps: 1 },
    };
    const result = scorerOf({ ...rules, threshold: "1" }).score([stamp("A"), stamp("B")], AT);
    expect(status(result)).to.deep.equal({ A: "capped 0", B: "counted 40000" });
  });

  it("asks gate, required stamps and allow-lists besides the sum, and says what is missing", () => {
    const weights = { A: "20", B: "1", C: "1" };
    const score = (changes: object, ...names: string[]) =>
      scorerOf({ weights, ...changes }).score(
        names.map((name) => stamp(name)),
        AT,
      );
    expect(score({ required: ["B"] }, "A").unmet).to.deep.equal({ gate: false, required: ["B"], allowList: false });
    expect(score({ required: ["B"] }, "A").passing).to.equal(false);
    expect(score({ required: ["B"] }, "A").chainScore).to.equal(0);
    const passed = score({ required: ["B"] }, "A", "B");
    expect([passed.passing, passed.unmet]).to.deep.equal([true, { gate: false, required: [], allowList: false }]);
    expect(score({ gate: "has(B) or has(C)" }, "A").unmet.gate).to.equal(true);
    expect(score({ gate: "has(B) or has(C)" }, "A", "C").passing).to.equal(true);
    const listed = { allowLists: ["guild"] };
    expect(score(listed, "A").unmet.allowList).to.equal(true);
    expect(score(listed, "A", "AllowList#guild").passing).to.equal(true);
  });

  it("closes a scorer to other providers", () => {
    const result = scorerOf({ weights: { A: "1", B: "1" }, providers: ["A"] }).score(
      [stamp("A"), stamp("B"), stamp("Other")],
      AT,
    );
    expect(status(result)).to.deep.equal({ A: "counted 10000", B: "gated 0", Other: "gated 0" });
  });

  it("counts a named stamp of no weight in the expiry, because the verdict hangs on it", () => {
    const rules = { weights: { A: "20", Zero: "0" }, required: ["Zero"] };
    const result = scorerOf(rules).score([stamp("A", AT + 2 * DAY), stamp("Zero", AT + DAY)], AT);
    expect([result.expiresAt, result.flipsAt]).to.deep.equal([AT + DAY, AT + DAY]);
  });

  it("scoring/stored-score-expires: a read after the expiry says so and does not pass", () => {
    const result = scorerOf().score(
      EXACT.map((provider) => stamp(provider, AT + DAY)),
      AT,
    );
    const before = readScore(result, AT + DAY - 1);
    expect(before).to.deep.equal({
      score: "20.00000",
      sum: "20.00000",
      threshold: "20.00000",
      passing: true,
      expired: false,
      scoredAt: AT,
      expiresAt: AT + DAY,
    });
    expect(readScore(result, AT + DAY)).to.deep.equal({ ...before, passing: false, expired: true });
  });

  it("maps the sum to influence along the corners", () => {
    const scale = [
      ["15", 5000],
      ["25", 10_000],
    ] as const;
    const factor = (sum: number) =>
      scaleOf(
        [
          [150_000, 5000],
          [250_000, 10_000],
        ],
        sum,
      );
    expect([0, 149_999, 150_000, 150_001, 200_000, 249_999, 250_000, 900_000].map(factor)).to.deep.equal([
      0, 0, 5000, 5000, 7500, 9999, 10_000, 10_000,
    ]);
    expect(
      scorerOf({ scale }).score(
        EXACT.map((provider) => stamp(provider)),
        AT,
      ).scale,
    ).to.equal(7500);
  });
});

describe("scoring, as properties", () => {
  const names = ["A", "B", "C", "D", "E", "F"];
  const decimal = fc.nat(150_000).map((points) => (points / 10_000).toFixed(4));
  const limits = fc.record({
    maxStamps: fc.option(fc.integer({ min: 1, max: 4 })),
    diminishing: fc.option(
      fc.array(fc.nat(10_000), { minLength: 1, maxLength: 4 }).map((list) => list.sort((a, b) => b - a)),
    ),
    cap: fc.option(decimal),
  });
  const rules = fc
    .record({
      weights: fc
        .tuple(...names.map(() => decimal))
        .map((list) => Object.fromEntries(list.map((weight, at) => [names[at], weight]))),
      threshold: fc.nat(200_000).map((points) => ((points + 1) / 10_000).toFixed(4)),
      groups: fc.option(
        limits.map((group) => ({ g: { providers: ["A", "B", "C"], ...group } })),
        { nil: {} },
      ),
      total: limits,
      gate: fc.constantFrom(null, "has(A)", "has(A) or count(g) >= 2", "sum(all) >= 3 and (has(B) or has(C))"),
    })
    .map((any) => (any.gate?.includes("(g)") === true && !("g" in any.groups) ? { ...any, gate: null } : any));
  const stamps = fc
    .array(fc.record({ name: fc.constantFrom(...names, "X"), life: fc.integer({ min: -2, max: 8 }) }), {
      maxLength: 12,
    })
    .map((list) => list.map(({ name, life }, at) => stamp(name, AT + life, `${at}`)));

  it("scoring/points-add-up: the stamps' points are the sum, one counted stamp per provider, whatever the order", () => {
    fc.assert(
      fc.property(rules, stamps, fc.nat(), (any, held, seed) => {
        const scorer = scorerOf(any);
        const result = scorer.score(held, AT);
        expect(result.stamps.reduce((sum, { points }) => sum + points, 0)).to.equal(result.sum);
        const counting = result.stamps.filter(({ status: what }) => what === "counted" || what === "capped");
        expect(new Set(counting.map(({ provider }) => provider)).size).to.equal(counting.length);
        const turned = [...held.slice(seed % (held.length + 1)), ...held.slice(0, seed % (held.length + 1))];
        expect(scorer.score(turned, AT)).to.deep.equal(result);
      }),
      { numRuns: 300 },
    );
  });

  it("says the truth about when the verdict flips: scoring at every later second agrees", () => {
    fc.assert(
      fc.property(rules, stamps, (any, held) => {
        const scorer = scorerOf(any);
        const result = scorer.score(held, AT);
        const verdicts = Array.from({ length: 10 }, (_, later) => scorer.score(held, AT + later).passing);
        const flip = verdicts.indexOf(false);
        expect(result.flipsAt).to.equal(result.passing && flip !== -1 ? AT + flip : null);
        // The bookkeeping of the search must leave the answer for now as it was.
        expect(scorer.score(held, AT)).to.deep.equal(result);
      }),
      { numRuns: 300 },
    );
  });

  it("is bounded by the plain sum, and never above a cap", () => {
    fc.assert(
      fc.property(rules, stamps, (any, held) => {
        const parsed = rulesOf(any);
        const result = scorerOf(any).score(held, AT);
        const live = new Set(held.filter(({ expiresAt }) => expiresAt > AT).map(({ provider }) => provider));
        const plain = [...live].reduce((sum, name) => sum + (parsed.weights.get(name) ?? 0), 0);
        expect(result.sum).to.be.at.most(plain);
        if (parsed.total.cap !== null) expect(result.sum).to.be.at.most(parsed.total.cap);
      }),
      { numRuns: 200 },
    );
  });
});
