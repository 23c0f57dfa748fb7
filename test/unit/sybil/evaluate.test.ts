import { expect } from "chai";

import { evaluate, pooledShare, saysLittle, type JudgedRound } from "../../../src/sybil/evaluate.js";

const round = (
  rows: readonly [kind: "human" | "newcomer" | "sybil", farm: string, flagged: 0 | 1, passed: 0 | 1, little?: 1][],
) =>
  ({
    truth: rows.map(([kind, farm], at) => ({ donor: `d${at}`, kind, farm: farm === "" ? undefined : farm })),
    verdicts: rows.map(([, , flagged, passed]) => ({ flagged: flagged === 1, passed: passed === 1 })),
    littleData: rows.map(([, , , , little]) => little === 1),
  }) satisfies JudgedRound;

const ROUNDS = [
  round([
    ["human", "", 0, 1],
    ["human", "", 1, 0, 1],
    ["newcomer", "", 1, 0],
    ["sybil", "copy-1", 1, 1],
    ["sybil", "copy-1", 0, 1, 1],
    ["sybil", "names-adaptive-2", 0, 1],
  ]),
  round([
    ["human", "", 0, 1],
    ["newcomer", "", 0, 1, 1],
    ["sybil", "copy-1", 1, 0],
    ["sybil", "copy-2", 1, 0],
  ]),
];

describe("judging an analysis against known truth", () => {
  it("sybil/figures-against-truth-are-counted-by-hand", () => {
    const figures = evaluate(ROUNDS);
    const counts = ({ hits, count }: { hits: number; count: number }) => [hits, count];
    expect([figures.rounds, figures.donors, figures.sybils]).to.deep.equal([2, 10, 5]);
    expect(counts(figures.precision)).to.deep.equal([3, 5]);
    expect(counts(figures.recall)).to.deep.equal([3, 5]);
    expect(counts(figures.burden.people)).to.deep.equal([2, 5]);
    expect(counts(figures.burden.newcomers)).to.deep.equal([1, 2]);
    // Sybils of whom little is known are no burden.
    expect(counts(figures.burden.littleData)).to.deep.equal([1, 2]);
    expect(counts(figures.passed.people)).to.deep.equal([3, 5]);
    expect(counts(figures.passed.sybils)).to.deep.equal([3, 5]);
    const farms = figures.farms.map(({ kind, adaptive, farms: found, caught, passed }) => [
      kind,
      adaptive,
      found,
      counts(caught),
      counts(passed),
    ]);
    expect(farms).to.deep.equal([
      ["copy", false, 3, [3, 4], [2, 4]],
      ["names", true, 1, [0, 1], [1, 1]],
    ]);
  });

  it("sybil/intervals-resample-rounds-not-accounts", () => {
    // Two rounds of a thousand accounts, all found or all missed: two observations, whatever the accounts say.
    const wide = pooledShare([
      [1_000, 1_000],
      [0, 1_000],
    ]);
    expect(wide).to.deep.equal({ hits: 1_000, count: 2_000, share: 0.5, low: 0, high: 1 });
    const narrow = pooledShare(Array.from({ length: 10 }, () => [50, 100] as const));
    expect([narrow.low, narrow.share, narrow.high]).to.deep.equal([0.5, 0.5, 0.5]);
    expect(pooledShare([[0, 0]]).share).to.be.NaN;
    expect(pooledShare([[0, 0]]).low).to.be.NaN;
  });

  it("knows of whom little is known", () => {
    const blank = {
      donor: "d",
      name: undefined,
      created: undefined,
      transactions: undefined,
      stake: undefined,
      funder: undefined,
      origins: [],
      owner: undefined,
    };
    const stamps = new Set(["a", "b", "c"]);
    expect(saysLittle(blank, stamps)).to.equal(true);
    const known = { ...blank, name: "n", created: 1, funder: "f" };
    expect(saysLittle(known, stamps)).to.equal(false);
    expect(saysLittle(known, new Set(["a"]))).to.equal(true);
  });
});
