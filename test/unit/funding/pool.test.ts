import { expect } from "chai";
import fc from "fast-check";

import { influence, MODEL_SCALE, STAMP_SCALE } from "../../../src/funding/influence.js";
import { blend, capPayouts, equalSplitMatching, sharePool, sheetSquelch, toUnits } from "../../../src/funding/pool.js";
import { squaredRoots } from "../../../src/funding/rules/standard.js";
import { collectRound } from "../../../src/funding/round.js";
import { taxProjects } from "../../../src/funding/tax.js";

const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);
const amount = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true })); // sums of money, not denormals
const amounts = fc.array(amount, { minLength: 1, maxLength: 20 });

describe("a pool", () => {
  it("is cut as in the published sheet of ten projects", () => {
    const totals = [1, 0.5, 2, 1, 0.5, 2, 5, 100, 10, 100];
    const donors = [1, 1, 1, 2, 2, 2, 10, 2, 5, 5];
    const figures = Float64Array.from(totals, (sum, p) => equalSplitMatching(sum, donors[p]!));
    expect(total(figures)).to.equal(810.5);
    const wanted =
      "123.3806 61.6903 246.7613 246.7613 123.3806 493.5225 6169.0315 24676.1258 6169.0315 61690.3146".split(" ");
    sharePool(figures, 100_000).forEach((share, p) => expect(share).to.be.closeTo(Number(wanted[p]), 1e-4));
    const linear = "450.4505 225.2252 900.9009 450.4505 225.2252 900.9009 2252.2523 45045.0450 4504.5045 45045.0450";
    sharePool(Float64Array.from(totals), 100_000).forEach((share, p) =>
      expect(share).to.be.closeTo(Number(linear.split(" ")[p]), 1e-4),
    );
  });

  it("is squelched as in the published sheet, when asked for that", () => {
    const round = collectRound(
      Object.entries({
        g1: { d1: 1 },
        g2: { d1: 5, d2: 3 },
        g3: { d2: 13 },
        g4: { d2: 10, d3: 9, d4: 26 },
        g5: { d4: 45 },
      }).flatMap(([project, gifts]) => Object.entries(gifts).map(([donor, amount]) => ({ donor, project, amount }))),
    );
    const pick = (figures: Float64Array, names: string[]) =>
      Float64Array.from(names, (name) => figures[round.projectNames.indexOf(name)]!);
    const squares = squaredRoots(round);
    const wanted = [1, 15.745967, 13, 126.816814, 45];
    squares.forEach((figure, p) => expect(figure).to.be.closeTo(wanted[p]!, 1e-6));
    let saved = 0;
    const pools = { main: [["g1", "g3", "g5"], 100_000], cause: [["g2", "g4", "g5"], 200_000] } as const;
    const after: number[] = [];
    const before: number[] = [];
    for (const [names, pool] of Object.values(pools)) {
      const part = collectRound(
        [...names].flatMap((project) => {
          const p = round.projectNames.indexOf(project);
          return Array.from({ length: round.starts[p + 1]! - round.starts[p]! }, (_, n) => ({
            donor: round.donorNames[round.donors[round.starts[p]! + n]!]!,
            project,
            amount: round.amounts[round.starts[p]! + n]!,
          }));
        }),
      );
      const shares = sharePool(pick(squares, [...names]), pool);
      const squelched = sheetSquelch(part, new Set(["d2"]), pool);
      before.push(...shares);
      after.push(...squelched);
      saved += total(shares) - total(squelched);
    }
    const sheetBefore = [1694.9153, 22033.8983, 76271.1864, 16790.076, 135225.9905, 47983.9335];
    before.slice(0, 2).forEach((share, p) => expect(share).to.be.closeTo(sheetBefore[p]!, 1e-4));
    before.slice(3, 5).forEach((share, p) => expect(share).to.be.closeTo(sheetBefore[p + 3]!, 1e-4));
    expect(before[2]! + before[5]!).to.be.closeTo(124255.12, 1e-4);
    expect(after[1]).to.equal(0);
    expect(after[3]).to.be.closeTo(13591.1471, 1e-4);
    expect(after[4]).to.be.closeTo(124562.8942, 1e-4);
    expect(saved).to.be.closeTo(35895.92354, 1e-4);
  });

  it("is capped by clipping and spreading until none exceeds", () => {
    expect([...capPayouts(Float64Array.of(60, 20, 20), 0.4)]).to.deep.equal([40, 30, 30]);
    expect([...capPayouts(Float64Array.of(60, 39, 1), 0.4)]).to.deep.equal([40, 40, 20]);
    expect([...capPayouts(Float64Array.of(90, 10), 0.25)], "all capped: the rest is not paid").to.deep.equal([25, 25]);
    fc.assert(
      fc.property(amounts, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, cap) => {
        const payouts = Float64Array.from(list);
        const capped = capPayouts(payouts, cap);
        const sum = total(payouts);
        for (const payout of capped) expect(payout).to.be.at.most(sum * cap * (1 + 1e-9));
        expect(total(capped)).to.be.at.most(sum * (1 + 1e-9));
        const givers = list.filter((amount) => amount > 0).length;
        if (givers * cap >= 1) expect(total(capped)).to.be.closeTo(sum, sum * 1e-9);
      }),
    );
  });

  it("is paid in whole units, all of them and never more", () => {
    const units = fc.bigInt({ min: 0n, max: 10n ** 24n });
    fc.assert(
      fc.property(amounts, units, (list, pool) => {
        const payouts = sharePool(Float64Array.from(list), 1000);
        const paid = toUnits(payouts, 1000, pool);
        const sum = paid.reduce((all, part) => all + part, 0n);
        expect(sum <= pool).to.equal(true);
        if (total(list) > 0) expect(Number(pool - sum)).to.be.at.most(Number(pool) * 1e-12 + 1);
        paid.forEach((part, p) => {
          expect(Math.abs(Number(part) - (Number(pool) * payouts[p]!) / 1000)).to.be.at.most(1 + Number(pool) * 1e-12);
          if (list[p] === 0) expect(part <= 1n).to.equal(true);
        });
      }),
    );
    // Shares that sum to a hair less than the pool.
    const short = sharePool(Float64Array.of(3.0755267501278847, 0.8221660729414453), 1000);
    expect(total([...short])).to.be.below(1000);
    expect(toUnits(short, 1000, 9n)).to.deep.equal([7n, 2n]);
    expect(() => toUnits(Float64Array.of(1, 1), 1, 10n))
      .to.throw()
      .with.property("code", "funding/bad-setting");
    expect(toUnits(Float64Array.of(1, 1, 1), 3, 100n)).to.deep.equal([34n, 33n, 33n]);
  });

  it("is blended from two rules of any scale", () => {
    expect([...blend(Float64Array.of(10, 30), Float64Array.of(1, 1), 0.5)]).to.deep.equal([0.375, 0.625]);
    expect([...blend(Float64Array.of(10, 30), Float64Array.of(1, 1), 1)]).to.deep.equal([0.25, 0.75]);
  });
});

describe("influence", () => {
  it("begins at a half and rises to all of it", () => {
    expect([14.99, 15, 20, 25, 99].map((score) => influence(score, STAMP_SCALE))).to.deep.equal([0, 0.5, 0.75, 1, 1]);
    expect([24.9, 25, 50].map((score) => influence(score, MODEL_SCALE))).to.deep.equal([0, 0.5, 1]);
    expect(() => influence(NaN, STAMP_SCALE))
      .to.throw()
      .with.property("code", "funding/bad-setting");
  });
});

describe("the tax on projects", () => {
  it("gives the figures of the specification", () => {
    const projects = [
      { matching: 1000, flagged: 20, others: 80 },
      { matching: 500, flagged: 30, others: 30 },
      { matching: 500, flagged: 0, others: 50 },
    ];
    const { taxes, payouts, toNextPool } = taxProjects(projects, { k: 0.5, cap: 0.25 });
    expect(taxes).to.deep.equal([125, 125, 0]);
    [954.5455, 428.5714, 616.8831].forEach((wanted, p) => expect(payouts[p]).to.be.closeTo(wanted, 1e-4));
    expect(total(payouts)).to.be.closeTo(2000, 1e-9);
    expect(toNextPool).to.equal(0);
  });

  it("goes to the next pool where nobody else is there", () => {
    expect(taxProjects([{ matching: 80, flagged: 4, others: 0 }])).to.deep.equal({
      taxes: [20],
      payouts: [60],
      toNextPool: 20,
    });
  });

  it("conserves the matching, and gives no project its own tax back", () => {
    const project = fc.record({
      matching: amount,
      flagged: fc.nat(100),
      others: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(project, { minLength: 1, maxLength: 12 }), (projects) => {
        const { taxes, payouts, toNextPool } = taxProjects(projects);
        const matching = total(projects.map((entry) => entry.matching));
        expect(total(payouts) + toNextPool).to.be.closeTo(matching, 1e-6 + matching * 1e-9);
        projects.forEach((entry, p) => {
          const others = total(taxes) - taxes[p]!;
          expect(payouts[p]).to.be.at.most(entry.matching - taxes[p]! + others + 1e-6 + matching * 1e-9);
          expect(taxes[p]).to.be.at.most(entry.matching * 0.25 * (1 + 1e-12));
        });
      }),
    );
  });
});
