import { expect } from "chai";
import fc from "fast-check";

import { brierScore, calibrate, wilson } from "../../../src/sybil/calibration.js";
import { readData } from "../../support/data.js";

const accounts = (...bands: readonly (readonly [score: number, flagged: number, others: number])[]) =>
  bands.flatMap(([score, flagged, others]) =>
    Array.from({ length: flagged + others }, (_, at) => ({ score, flagged: at < flagged })),
  );

describe("calibration by bands", () => {
  it("sybil/bands-carry-wilson-intervals", () => {
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (const [hits, count, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      expect(wilson(hits, count).low).to.be.closeTo(low, 5e-5);
      expect(wilson(hits, count).high).to.be.closeTo(high, 5e-5);
    }
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), (hits, others) => {
        const { low, high } = wilson(hits, hits + others);
        expect(low).to.be.at.least(0);
        expect(high).to.be.at.most(1);
        if (hits + others > 0) expect(hits / (hits + others)).to.be.within(low, high);
      }),
    );
  });

  it("puts every score into one band, the edge into the lower", () => {
    const { bands } = calibrate(accounts([0, 1, 0], [0.1, 1, 1], [0.11, 0, 1], [0.2, 0, 2]), [0, 0.1, 0.2]);
    expect(bands.map(({ count, flagged }) => [count, flagged])).to.deep.equal([
      [3, 2],
      [3, 0],
    ]);
    expect(() => calibrate(accounts([0.3, 1, 0]), [0, 0.2])).to.throw("in none of the bands");
    expect(() => calibrate(accounts([NaN, 1, 0]), [0, 0.2])).to.throw("in none of the bands");
    expect(() => calibrate([], [0, 0])).to.throw("must ascend");
  });

  it("sybil/inversion-shows-itself", () => {
    const rounds = [accounts([0.05, 20, 80], [0.15, 40, 60], [0.25, 70, 30]), accounts([0.05, 70, 30], [0.15, 20, 80])];
    const [inverted, right] = rounds.map((round) => calibrate(round, [0, 0.1, 0.2, 0.3]));
    expect(inverted).to.deep.include({ inverted: true, rising: [1, 2] });
    expect(right).to.deep.include({ inverted: false, rising: [] });
    // The same shares of few accounts prove nothing.
    const few = calibrate(accounts([0.05, 1, 4], [0.15, 2, 3]), [0, 0.1, 0.2]);
    expect(few).to.deep.include({ inverted: false, rising: [] });
  });

  it("scores probabilities by Brier", () => {
    expect(brierScore([0, 1].map((probability) => ({ probability, outcome: probability === 1 })))).to.equal(0);
    expect(brierScore([true, false].map((outcome) => ({ probability: 0.5, outcome })))).to.equal(0.25);
  });

  it("sybil/published-trust-bands", () => {
    const [text, wanted] = ["sad_vs_trust", "sad_vs_trust_expected"].map((name) => readData(`gr15/${name}.csv`));
    if (text === undefined || wanted === undefined) return;
    const rows = text.trim().split("\n").slice(1);
    const known = rows
      .map((line) => line.split(","))
      .filter(([, , sad]) => sad !== "NA" && sad !== "")
      .map(([, trust, sad]) => ({ score: Number(trust), flagged: Number(sad) >= 0.5 }));
    const { bands, pearson, spearman, inverted, rising } = calibrate(
      known,
      [0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6],
    );
    const expected = wanted
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split('",')[1]!.split(",").map(Number));
    console.log(`      gr15/sad_vs_trust.csv: ${known.length} accounts, ${expected.length} bands`);
    expect(bands.map(({ count, flagged, share }) => [count, flagged, Number(share.toFixed(6))])).to.deep.equal(
      expected,
    );
    expect(known).to.have.length(21_180);
    expect(pearson).to.be.closeTo(-0.206959, 5e-7);
    expect(spearman).to.be.closeTo(-0.152609, 5e-7);
    // Falling as a whole, and yet the lowest band is flagged less than the next.
    expect(inverted).to.equal(false);
    expect(rising).to.deep.equal([1]);
  });
});
