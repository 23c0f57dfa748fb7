import { expect } from "chai";
import fc from "fast-check";

import { agreement } from "../../../src/sybil/review/agreement.js";
import { consensus } from "../../../src/sybil/review/consensus.js";
import { sampleForReview, type ReviewCandidate } from "../../../src/sybil/review/sample-for-review.js";
import type { HumanLabel, HumanVerdict } from "../../../src/sybil/round/round-tables.js";

const label = (donor: string, rater: string, verdict: HumanVerdict): HumanLabel => ({ donor, rater, verdict });
/** Rows of raters, columns of donors: s, h, u, or a point where there is no rating. */
const table = (...rows: readonly string[]): HumanLabel[] =>
  rows.flatMap((row, rater) =>
    [...row].flatMap((letter, donor) => {
      const verdict = { s: "sybil", h: "human", u: "unsure" }[letter] as HumanVerdict | undefined;
      return verdict === undefined ? [] : [label(`d${donor}`, `r${rater}`, verdict)];
    }),
  );

describe("judgements by people", () => {
  it("sybil/agreement-beyond-chance", () => {
    // Krippendorff 2011, example B: two observers, binary data, ten units, alpha 0.095.
    const { alpha, compared, observed, pairs } = agreement(table("hshhhhhhsh", "ssshhshhhh"));
    expect(compared).to.equal(10);
    expect(observed).to.be.closeTo(0.6, 1e-12);
    expect(alpha).to.be.closeTo(0.095, 5e-4);
    // Both halves said Sybil 2 and 4 times of 10: chance agrees in 0.56.
    expect(pairs).to.have.length(1);
    expect(pairs[0]!.kappa).to.be.closeTo((0.6 - 0.56) / 0.44, 1e-12);
    expect(agreement(table("shsh", "shsh")).alpha).to.equal(1);
    expect(agreement(table("shsh", "hshs")).alpha).to.be.below(0);
    // Nothing can be said where all ratings are the same, or no donor has two.
    expect(agreement(table("hhh", "hhh")).alpha).to.satisfy(Number.isNaN);
    expect(agreement(table("hs..", "..sh"))).to.deep.include({ compared: 0, pairs: [] });
    expect(agreement([]).alpha).to.satisfy(Number.isNaN);
  });

  it("sybil/agreement-with-missing-ratings-is-over-all-pairs", () => {
    const rows = fc.array(fc.string({ unit: fc.constantFrom("s", "h", "u", "."), minLength: 6, maxLength: 6 }), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(rows, (raters) => {
        // By the definition: disagreement within donors, each pair weighted 1 / (m - 1), over that of all ratings that count.
        const units = [0, 1, 2, 3, 4, 5]
          .map((at) => raters.map((row) => row[at]!).filter((letter) => letter === "s" || letter === "h"))
          .filter((unit) => unit.length > 1);
        const all = units.flat();
        const differing = (ratings: string[]) =>
          ratings.reduce((sum, a, i) => sum + ratings.filter((b, j) => i !== j && a !== b).length, 0);
        const within = units.reduce((sum, unit) => sum + differing(unit) / (unit.length - 1), 0) / all.length;
        const between = differing(all) / (all.length * (all.length - 1));
        const found = agreement(table(...raters));
        const wanted = 1 - within / between;
        if (Number.isFinite(wanted)) expect(found.alpha).to.be.closeTo(wanted, 1e-12);
        else expect(found.alpha).to.satisfy(Number.isNaN);
        expect(found.compared).to.equal(units.length);
      }),
      { numRuns: 200 },
    );
  });

  it("sybil/consensus-is-a-majority-of-the-decided", () => {
    const labels = table("shsu.", "shhu.", "uhhs.");
    expect(consensus(["d0", "d1", "d2", "d3", "d4"], labels)).to.deep.equal([
      "sybil",
      "human",
      "human",
      "sybil",
      undefined,
    ]);
    expect(consensus(["d0"], table("s", "h"))).to.deep.equal([undefined]);
  });
});

describe("sample for review", () => {
  const candidate = (donor: string, probability: number, cluster = -1, judged = false): ReviewCandidate => ({
    donor,
    probability,
    cluster,
    judged,
  });
  const settings = { count: 3, cut: 0.5, seed: 1 };

  it("sybil/review-asks-what-is-least-certain", () => {
    const sample = [
      candidate("a", 0.1),
      candidate("b", 0.52),
      candidate("c", 0.9),
      candidate("d", NaN),
      candidate("e", 0.5, -1, true),
    ];
    // Nothing is less certain than an unknown probability; a and c are equally far, and the seed decides.
    expect(sampleForReview(sample, { ...settings, count: 2 })).to.deep.equal(["d", "b"]);
    expect(sampleForReview(sample, { ...settings, count: 9 })).to.have.members(["a", "b", "c", "d"]);
    expect(() => sampleForReview(sample, { ...settings, count: 0 })).to.throw("whole number from 1");
  });

  it("sybil/review-asks-of-a-farm-once", () => {
    const farm = Array.from({ length: 100 }, (_, at) => candidate(`f${at}`, 0.5, 0));
    const others = [candidate("x", 0.9), candidate("y", 0.99), candidate("z", 0.6, 1), candidate("zz", 0.61, 1)];
    const sample = sampleForReview([...farm, ...others], { ...settings, count: 5 });
    expect(sample.filter((donor) => donor.startsWith("f"))).to.have.length(2);
    expect(sample.slice(1, 4)).to.deep.equal(["z", "x", "y"]);
    // A second one of a cluster comes after everybody else's first, the least certain of them first.
    expect(sample[4]).to.match(/^f/);
  });

  it("depends on the seed, and not on the order", () => {
    const even = Array.from({ length: 30 }, (_, at) => candidate(`d${at}`, 0.5));
    const drawn = sampleForReview(even, { ...settings, count: 10 });
    expect(sampleForReview([...even].reverse(), { ...settings, count: 10 })).to.deep.equal(drawn);
    expect(sampleForReview(even, { ...settings, count: 10, seed: 2 })).to.not.deep.equal(drawn);
  });
});
