import { expect } from "chai";
import fc from "fast-check";

import { measureDrift, parseRoundSummary, stabilityIndex, summariseRound } from "../../../src/sybil/drift.js";
import { seededRandom } from "../../../src/sybil/model/seeded-random.js";
import { tableOf } from "../../support/feature-table.js";

const draw = (seed: number, count: number, map: (x: number) => number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => map(random()));
};

describe("drift between rounds", () => {
  it("sybil/drift-is-the-population-stability-index", () => {
    // Worked by hand: shares (0.5, 0.5) and (0.25, 0.75) of many: 0.25 log 2 + 0.25 log 1.5.
    expect(stabilityIndex([5e8, 5e8], [2.5e8, 7.5e8])).to.be.closeTo(0.25 * Math.log(2) + 0.25 * Math.log(1.5), 1e-8);
    const counts = fc.array(fc.nat(50), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(counts, counts, (before, now) => {
        expect(stabilityIndex(before, now)).to.be.at.least(0);
        expect(stabilityIndex(before, now)).to.be.closeTo(stabilityIndex(now, before), 1e-12);
        expect(stabilityIndex(before, before)).to.equal(0);
      }),
    );
  });

  it("sybil/drift-names-what-moved", () => {
    const before = summariseRound(
      tableOf({
        same: draw(1, 2_000, (x) => x),
        some: draw(2, 2_000, (x) => x),
        much: draw(3, 2_000, (x) => x),
        stamp: draw(4, 2_000, (x) => Number(x < 0.5)),
        known: draw(5, 2_000, (x) => x),
        gone: draw(6, 2_000, (x) => x),
      }),
      200,
    );
    const now = tableOf({
      same: draw(11, 2_000, (x) => x),
      some: draw(12, 2_000, (x) => x ** 1.5),
      much: draw(13, 2_000, (x) => x ** 3),
      stamp: draw(14, 2_000, (x) => Number(x < 0.2)),
      known: draw(15, 2_000, (x) => (x < 0.3 ? NaN : x)),
      added: draw(16, 2_000, (x) => x),
    });
    const { features, gone, added, flaggedShare } = measureDrift(now, 500, before);
    const bands = Object.fromEntries(features.map(({ feature, band }) => [feature, band]));
    expect(bands).to.deep.equal({ much: "large", known: "large", stamp: "large", some: "moderate", same: "stable" });
    expect(features.map(({ index }) => index)).to.deep.equal(features.map(({ index }) => index).sort((a, b) => b - a));
    expect({ gone, added, flaggedShare }).to.deep.equal({
      gone: ["gone"],
      added: ["added"],
      flaggedShare: { before: 0.1, now: 0.25 },
    });
  });

  it("bins every account once, and equal values together", () => {
    const value = fc.constantFrom(0, 0, 0, 1, 2, 5, 9, NaN);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (column) => {
        const table = tableOf({ x: column });
        const { x } = summariseRound(table, 0).features;
        expect(x!.counts.reduce((sum, count) => sum + count, 0) + x!.unknown).to.equal(column.length);
        expect(x!.counts).to.have.length(x!.edges.length + 1);
        expect(x!.edges).to.deep.equal([...new Set(x!.edges)].sort((a, b) => a - b));
        expect(measureDrift(table, 0, summariseRound(table, 0)).features[0]!.index).to.equal(0);
        // No bin is empty: equal numbers were wanted.
        if (column.some((one) => !Number.isNaN(one))) expect(Math.min(...x!.counts)).to.be.above(0);
      }),
    );
  });

  it("sybil/summaries-are-read-back", () => {
    const summary = summariseRound(tableOf({ a: [1, 2, NaN], none: [NaN, NaN, NaN] }), 1);
    const text = JSON.parse(JSON.stringify(summary)) as Record<string, unknown>;
    expect(parseRoundSummary(text)).to.deep.equal(summary);
    const feature = { edges: [1], counts: [1, 1], unknown: 0 };
    for (const [bad, part] of [
      [{ ...text, format: "x" }, "summary.format"],
      [{ ...text, extra: 1 }, "extra"],
      [{ ...text, features: { a: { ...feature, edges: [2, 1] } } }, "features.a.edges[1]"],
      [{ ...text, features: { a: { ...feature, counts: [1] } } }, "features.a.counts"],
      [{ ...text, features: { a: { ...feature, counts: [1, -1] } } }, "features.a.counts[1]"],
      [{ ...text, donors: "3" }, "summary.donors"],
    ] as const) {
      expect(() => parseRoundSummary(bad), part)
        .to.throw(part)
        .with.property("code", "sybil/bad-summary");
    }
  });
});
