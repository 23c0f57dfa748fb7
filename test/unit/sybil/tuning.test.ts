import { expect } from "chai";
import fc from "fast-check";

import { DEFAULT_RULES } from "../../../src/scoring/rules/default-rules.js";
import { parseRules } from "../../../src/scoring/rules/parse-rules.js";
import { rulesDocument } from "../../../src/scoring/rules/scorer-rules.js";
import { cheapestPass } from "../../../src/sybil/cost/cost-to-pass.js";
import { flipReport } from "../../../src/sybil/tuning/flips.js";
import { costToPass, leastCosts } from "../../../src/sybil/tuning/pass-costs.js";
import { pointsOf } from "../../../src/sybil/tuning/passing.js";
import { bestPairs, stampEffects } from "../../../src/sybil/tuning/evidence/stamp-effects.js";
import { clusterFolds, type TuningSubject } from "../../../src/sybil/tuning/evidence/subjects.js";
import { atThreshold, choosePoint, tradeOff } from "../../../src/sybil/tuning/curve/trade-off.js";

const stamps = ["a", "b", "c", "d"] as const;
const subjects = fc
  .array(fc.record({ stamps: fc.subarray([...stamps]), sybil: fc.boolean(), cluster: fc.nat(6) }), {
    minLength: 2,
    maxLength: 40,
  })
  .map((rows) =>
    // A cluster is of one class here.
    rows.map(({ stamps: held, sybil, cluster }, at): TuningSubject => ({
      donor: `d${at}`,
      stamps: new Set(held),
      sybil,
      cluster: cluster + (sybil ? 10 : 0),
    })),
  );
const scores = fc.array(fc.record({ points: fc.integer({ min: -1, max: 9 }), sybil: fc.boolean() }), {
  minLength: 1,
  maxLength: 30,
});
const columns = (rows: readonly { points: number; sybil: boolean }[]) => ({
  points: Int32Array.from(rows, ({ points }) => points),
  sybil: rows.map(({ sybil }) => sybil),
});
const codeOf = (body: () => unknown) => {
  try {
    body();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("what tuning is made of", () => {
  it("sybil/trade-off-counts-as-every-threshold-does", () => {
    fc.assert(
      fc.property(scores, (rows) => {
        const given = columns(rows);
        const curve = tradeOff(given);
        const wanted = [...new Set(rows.map(({ points }) => points))].filter((points) => points > 0);
        expect(curve.map(({ threshold }) => threshold)).to.deep.equal(wanted.sort((a, b) => a - b));
        for (const point of curve) {
          const of = (label: boolean) => rows.filter(({ sybil }) => sybil === label);
          const passing = (label: boolean) => of(label).filter(({ points }) => points >= point.threshold).length;
          expect([point.people.hits, point.people.count]).to.deep.equal([passing(false), of(false).length]);
          expect([point.sybils.hits, point.sybils.count]).to.deep.equal([passing(true), of(true).length]);
          expect([point.among.hits, point.among.count]).to.deep.equal([passing(true), passing(true) + passing(false)]);
          expect(atThreshold(given, point.threshold)).to.deep.equal(point);
        }
      }),
    );
  });

  it("sybil/a-goal-is-met-or-refused", () => {
    const share = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10);
    const goal = fc.record({ include: share, penetration: share }, { requiredKeys: [] });
    fc.assert(
      fc.property(scores, goal, (rows, wanted) => {
        fc.pre(wanted.include !== undefined || wanted.penetration !== undefined);
        fc.pre(new Set(rows.map(({ sybil }) => sybil)).size === 2);
        const curve = tradeOff(columns(rows));
        const serves = curve.filter(
          ({ people, sybils }) => people.share >= (wanted.include ?? 0) && sybils.share <= (wanted.penetration ?? 1),
        );
        if (serves.length === 0) {
          expect(codeOf(() => choosePoint(curve, wanted))).to.equal("sybil/goal-out-of-reach");
          return;
        }
        const chosen = choosePoint(curve, wanted);
        expect(serves).to.include(chosen);
        const best = (value: (point: (typeof curve)[number]) => number) => Math.max(...serves.map(value));
        if (wanted.include === undefined) expect(chosen.people.share).to.equal(best(({ people }) => people.share));
        else if (wanted.penetration === undefined) {
          expect(chosen.sybils.share).to.equal(-best(({ sybils }) => -sybils.share) || 0);
        } else {
          const gain = ({ people, sybils }: (typeof curve)[number]) => people.share - sybils.share;
          expect(gain(chosen)).to.equal(best(gain));
        }
      }),
    );
    for (const wanted of [{}, { include: 1.1 }, { penetration: -0.1 }, { include: NaN }]) {
      expect(codeOf(() => choosePoint([], wanted))).to.equal("sybil/bad-setting");
    }
  });

  it("sybil/clusters-are-never-split", () => {
    fc.assert(
      fc.property(subjects, fc.integer({ min: 2, max: 5 }), (rows, folds) => {
        const dealt = clusterFolds(rows, folds);
        const places = new Map<number, number>();
        rows.forEach(({ cluster }, at) => {
          expect(dealt[at]).to.be.below(folds);
          expect(places.get(cluster) ?? dealt[at]).to.equal(dealt[at]);
          places.set(cluster, dealt[at]!);
        });
        for (const sybil of [false, true]) {
          const clusters = new Set(rows.filter((row) => row.sybil === sybil).map(({ cluster }) => cluster)).size;
          const used = new Set(rows.flatMap((row, at) => (row.sybil === sybil ? [dealt[at]] : []))).size;
          expect(used).to.equal(Math.min(folds, clusters));
        }
      }),
    );
  });

  it("sybil/flips-are-counted-by-class", () => {
    fc.assert(
      fc.property(subjects, fc.infiniteStream(fc.nat(4)), (rows, stream) => {
        const draw = () => Int32Array.from(rows, () => stream.next().value as number);
        const [before, after] = [
          { points: draw(), threshold: 2 },
          { points: draw(), threshold: 3 },
        ];
        const report = flipReport(rows, before, after);
        for (const [side, label] of [
          ["people", false],
          ["sybils", true],
        ] as const) {
          const places = rows.flatMap(({ sybil }, at) => (sybil === label ? [at] : []));
          const gained = places.filter((at) => before.points[at]! < 2 && after.points[at]! >= 3);
          const lost = places.filter((at) => before.points[at]! >= 2 && after.points[at]! < 3);
          expect(report[side].gained).to.deep.equal(gained.map((at) => rows[at]!.donor));
          expect(report[side].lost).to.deep.equal(lost.map((at) => rows[at]!.donor));
          expect(report[side].after.hits - report[side].before.hits).to.equal(gained.length - lost.length);
        }
      }),
    );
  });

  it("sybil/effects-and-pairs-as-counted-by-hand", () => {
    fc.assert(
      fc.property(subjects, (rows) => {
        const count = (label: boolean, ...held: string[]) =>
          rows.filter((row) => row.sybil === label && held.every((stamp) => row.stamps.has(stamp))).length;
        const effects = stampEffects(rows, stamps);
        for (const { stamp, people, sybils, logOddsRatio, low, high } of effects) {
          expect([people.hits, sybils.hits]).to.deep.equal([count(false, stamp), count(true, stamp)]);
          const odds = (label: boolean) => (count(label, stamp) + 0.5) / (count(label) - count(label, stamp) + 0.5);
          expect(logOddsRatio).to.be.closeTo(Math.log(odds(false) / odds(true)), 1e-12);
          expect(low).to.be.below(logOddsRatio);
          expect(high).to.be.above(logOddsRatio);
        }
        fc.pre(count(true) > 0 && count(false) > 0);
        const found = bestPairs(rows, stamps, 100);
        let last = Infinity;
        for (const { stamps: pair, people, sybils, separation } of found) {
          expect([people.hits, sybils.hits]).to.deep.equal([count(false, ...pair), count(true, ...pair)]);
          expect(separation).to.be.at.most(last);
          last = separation;
        }
        const all = stamps.flatMap((a, at) => stamps.slice(at + 1).map((b) => [a, b] as const));
        const positive = all.filter(
          (pair) => count(false, ...pair) / count(false) > count(true, ...pair) / count(true),
        );
        expect(found).to.have.length(positive.length);
      }),
    );
  });

  it("sybil/least-costs-at-every-threshold-as-the-exact-search", () => {
    const priced = fc.array(fc.record({ points: fc.nat(9), cost: fc.nat(9) }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(priced, (rows) => {
        const named = rows.map((row, at) => ({ stamp: `s${at}`, ...row }));
        const costs = leastCosts(
          new Map(named.map(({ stamp, points }) => [stamp, points])),
          new Map(named.map(({ stamp, cost }) => [stamp, cost])),
          40,
        );
        for (let threshold = 0; threshold <= 40; threshold++) {
          expect(costs[threshold]).to.equal(cheapestPass(named, { threshold })?.cost ?? Infinity);
        }
      }),
    );
  });

  it("prices passing under gates as well", () => {
    const prices = new Map([
      ["a", 1],
      ["b", 10],
    ]);
    const rules = { format: "touchstone-scorer-rules-v1", threshold: "1", weights: { a: "1", b: "1" } };
    expect(costToPass(parseRules(rules), prices)).to.deep.equal({ cost: 1, stamps: ["a"], exact: true });
    const gated = parseRules({ ...rules, gate: 'has("b")' });
    expect(costToPass(gated, prices)).to.deep.include({ cost: 10, exact: true });
    expect(costToPass(parseRules({ ...rules, threshold: "3" }), prices)).to.equal(undefined);
    const closed = parseRules({ ...rules, providers: ["b"] });
    expect(costToPass(closed, prices)).to.deep.include({ cost: 10 });
  });

  it("scores as the scorer does, and lets nobody pass whose conditions are unmet", () => {
    const passports = [new Set(["Google", "Discord", "unknown"]), new Set<string>(), new Set(["HolonymGovIdProvider"])];
    expect([...pointsOf(DEFAULT_RULES, passports)]).to.deep.equal([5_250 + 5_160, 0, 160_260]);
    const closed = parseRules({ ...rulesDocument(DEFAULT_RULES), providers: ["Discord"] });
    expect([...pointsOf(closed, passports)]).to.deep.equal([5_160, 0, 0]);
    // A limit that nobody reaches takes the long way, to the same sums.
    const limited = parseRules({ ...rulesDocument(DEFAULT_RULES), total: { cap: "1000" } });
    expect([...pointsOf(limited, passports)]).to.deep.equal([10_410, 0, 160_260]);
    const required = parseRules({ ...rulesDocument(DEFAULT_RULES), required: ["Google"] });
    expect([...pointsOf(required, passports)]).to.deep.equal([10_410, -1, -1]);
  });
});
