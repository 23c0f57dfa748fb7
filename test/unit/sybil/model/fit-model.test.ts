import { expect } from "chai";
import fc from "fast-check";

import { DEFAULT_MODEL, fitModel } from "../../../../src/sybil/model/fit-model.js";
import { assignFolds, canonicalTraining } from "../../../../src/sybil/model/folds.js";
import { areaUnderCurve, logLoss, measureQuality } from "../../../../src/sybil/model/quality.js";
import { seededRandom, shuffled } from "../../../../src/sybil/model/seeded-random.js";
import { tableOf, trainingOf } from "../../../support/feature-table.js";

function clustered(seed: number, groupCount: number, size: number) {
  const random = seededRandom(seed);
  const rows = Array.from({ length: groupCount }, (_, group) => {
    const sybil = group % 2;
    const own = random();
    return Array.from({ length: size }, () => ({
      group,
      sybil,
      // The same in a whole group: it tells groups apart, not classes.
      own,
      noise: random(),
      telling: sybil + 2 * (random() - 0.5) * 1.5,
    }));
  }).flat();
  const column = (name: keyof (typeof rows)[number]) => rows.map((row) => row[name]);
  const table = tableOf({ own: column("own"), noise: column("noise"), telling: column("telling") });
  return {
    table,
    names: ["own", "noise", "telling"],
    training: trainingOf(column("sybil"), { groups: column("group") }),
  };
}

describe("choice of a model", () => {
  it("sybil/folds-never-split-a-group", () => {
    const sets = fc.array(fc.tuple(fc.nat(6), fc.nat(1)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sets, fc.integer({ min: 2, max: 5 }), fc.nat(), (rows, folds, seed) => {
        const training = trainingOf(
          rows.map(([, sybil]) => sybil),
          { groups: rows.map(([group]) => group) },
        );
        const assigned = assignFolds(training, folds, seed);
        const foldOf = new Map<number, number>();
        assigned.forEach((fold, at) => {
          expect(fold).to.be.below(folds);
          const group = training.groups[at]!;
          expect(foldOf.get(group) ?? fold).to.equal(fold);
          foldOf.set(group, fold);
        });
      }),
    );
    // Groups of one: as even as can be, in both classes, and drawn by the seed.
    const even = trainingOf(Array.from({ length: 100 }, (_, at) => Number(at < 30)));
    const counts = (sybil: number) =>
      [0, 1, 2, 3, 4].map(
        (fold) => [...assignFolds(even, 5, 1)].filter((own, at) => own === fold && even.outcomes[at] === sybil).length,
      );
    expect(counts(1)).to.deep.equal([6, 6, 6, 6, 6]);
    expect(counts(0)).to.deep.equal([14, 14, 14, 14, 14]);
    expect([...assignFolds(even, 5, 1)]).to.not.deep.equal([...assignFolds(even, 5, 2)]);
  });

  it("sybil/rows-of-one-group-on-both-sides-flatter-a-model", () => {
    const { table, names, training } = clustered(4, 12, 12);
    const byGroup = fitModel(table, names, training, { ...DEFAULT_MODEL, alpha: 0, choice: "least-loss" });
    const rows = { ...training, groups: training.groups.map((_, at) => at) };
    const byRow = fitModel(table, names, rows, { ...DEFAULT_MODEL, alpha: 0, choice: "least-loss" });
    expect(byRow.model!.quality.logLoss).to.be.below(byGroup.model!.quality.logLoss);
    expect(byGroup.model!.trainedOn).to.deep.equal({ human: 72, sybil: 72, groups: 12, folds: 5 });
  });

  it("sybil/order-of-donors-changes-no-model", () => {
    const { table, names, training } = clustered(8, 30, 4);
    const wanted = fitModel(table, names, training).model!;
    for (const seed of [1, 2, 3]) {
      const order = shuffled([...training.rows], seededRandom(seed));
      const moved = tableOf(
        Object.fromEntries(names.map((name) => [name, order.map((row) => table.columns.get(name)![row]!)])),
      );
      const found = fitModel(
        moved,
        names,
        trainingOf(
          order.map((row) => training.outcomes[row]!),
          // Groups have other numbers, too.
          { groups: order.map((row) => 1_000 - 7 * training.groups[row]!) },
        ),
      ).model!;
      expect(found).to.deep.equal(wanted);
    }
    expect([...canonicalTraining(table, names, training).outcomes].slice(0, 60)).to.deep.equal(new Array(60).fill(0));
  });

  it("takes the strongest penalty within one standard error of the least loss", () => {
    const { table, names, training } = clustered(21, 60, 3);
    const chosen = fitModel(table, names, training).model!;
    const least = fitModel(table, names, training, { ...DEFAULT_MODEL, choice: "least-loss" }).model!;
    const best = chosen.path.reduce((a, b) => (b.loss < a.loss ? b : a));
    expect(least.penalty.lambda).to.equal(best.lambda);
    expect(chosen.penalty.lambda).to.be.above(best.lambda);
    const at = chosen.path.findIndex(({ lambda }) => lambda === chosen.penalty.lambda);
    expect(chosen.path[at]!.loss).to.be.at.most(best.loss + best.error);
    expect(chosen.path[at - 1]!.loss).to.be.above(best.loss + best.error);
    // On the way down the loss left out falls from that of no model, log 2 for even classes, and terms come in.
    expect(chosen.path[0]!.loss).to.be.closeTo(Math.LN2, 0.01);
    expect(chosen.path[0]!.terms).to.equal(0);
    expect(chosen.path.at(-1)!.terms).to.equal(3);
    expect(chosen.terms.find(({ feature }) => feature === "telling")!.coefficient).to.be.above(0);
    expect(chosen.quality.auc).to.be.within(0.65, 0.95);
  });

  it("sybil/no-model-of-too-few", () => {
    const table = tableOf({ x: Array.from({ length: 60 }, (_, at) => at) });
    const refusal = (outcomes: number[], groups?: number[], x = ["x"]) =>
      fitModel(table, x, trainingOf(outcomes, groups === undefined ? {} : { groups })).refused;
    const first = (count: number) => Array.from({ length: 60 }, (_, at) => Number(at < count));
    expect(refusal(first(19))).to.contain("41 accounts known as people and 19 as Sybils");
    expect(refusal(first(20))).to.equal(undefined);
    // One farm is one piece of evidence: left out, nothing remains to learn from.
    expect(
      refusal(
        first(30),
        first(30).map((sybil, at) => (sybil === 1 ? -1 : Math.floor(at / 40))),
      ),
    ).to.contain("so few clusters");
    expect(refusal(first(30), undefined, [])).to.contain("no feature");
  });
});

describe("quality of probabilities", () => {
  it("sybil/area-under-the-curve-is-over-all-pairs", () => {
    const scored = fc.array(fc.tuple(fc.constantFrom(0, 0.2, 0.5, 0.9, 1), fc.nat(1)), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(scored, (rows) => {
        const [scores, outcomes] = [rows.map(([score]) => score), rows.map(([, outcome]) => outcome)];
        const pairs = rows.flatMap(([a, one]) => rows.flatMap(([b, other]) => (one > other ? [Math.sign(a - b)] : [])));
        const wanted = pairs.reduce((sum, sign) => sum + (sign + 1) / 2, 0) / pairs.length;
        const found = areaUnderCurve(scores, outcomes);
        if (pairs.length === 0) expect(found).to.satisfy(Number.isNaN);
        else expect(found).to.be.closeTo(wanted, 1e-12);
      }),
    );
  });

  it("measures log-loss, Brier score and bins", () => {
    expect(logLoss([0.5, 0.5], [0, 1])).to.be.closeTo(Math.LN2, 1e-15);
    expect(logLoss([1, 0.25], [1, 0])).to.be.closeTo(-Math.log(0.75) / 2, 1e-15);
    expect(logLoss([1], [0])).to.be.within(36, 37);
    const quality = measureQuality([0.05, 0.15, 0.95, 0.95], [0, 0, 1, 0]);
    expect(quality.brier).to.be.closeTo((0.05 ** 2 + 0.15 ** 2 + 0.05 ** 2 + 0.95 ** 2) / 4, 1e-12);
    expect(quality.calibration.bands.map(({ count, flagged }) => [count, flagged]).at(-1)).to.deep.equal([2, 1]);
  });
});
