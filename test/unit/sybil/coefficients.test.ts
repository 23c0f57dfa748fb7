import path from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import {
  affineWeights,
  findWeightFaults,
  impliedCoefficient,
  logisticProbability,
  oddsRatio,
  proposeWeights,
} from "../../../src/sybil/tuning/coefficients.js";
import { readModels } from "../../../src/sybil/tuning/read-coefficients.js";
import { dataFolder, readData } from "../../support/data.js";

const FILE = "passport/logistic_coefficients.csv";
const coefficients = fc
  .array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 20 })
  .map((values) => new Map(values.map((value, at) => [`s${at}`, value])));

describe("weights from coefficients", () => {
  const published = async () => {
    const history = readData("passport/weights_history.json");
    if (history === undefined || readData(FILE) === undefined) return undefined;
    const versions = JSON.parse(history) as { date: string; n: number; weights: Record<string, number> }[];
    return { versions, ...(await readModels(path.join(dataFolder, FILE))) };
  };

  it("sybil/first-default-weights", async () => {
    const data = await published();
    if (data === undefined) return;
    const { logistic, versions } = data;
    const first = versions.find(({ date }) => date === "2022-12-14")!.weights;
    expect(logistic.missing).to.deep.equal(["CommunityStakingSilver"]);
    // The stamp without a coefficient: what its weight stands for, with the scale that the least coefficient's weight is.
    const [least, scale] = [-20.72522298028944, 0.07382054321802652];
    const silver = impliedCoefficient(first.CommunityStakingSilver!, scale, least);
    expect(silver).to.be.closeTo(7.774777019710559, 1e-12);
    const all = new Map([...logistic.coefficients, ["CommunityStakingSilver", silver]]);
    const made = affineWeights(all);
    const worst = Math.max(...[...made.weights].map(([stamp, weight]) => Math.abs(weight - first[stamp]!)));
    console.log(`      ${FILE}: ${made.weights.size} weights, worst difference ${worst.toExponential(1)}`);
    expect(made.weights.size).to.equal(58);
    expect(made.scale).to.be.closeTo(scale, 1e-15);
    expect(worst).to.be.below(1e-14);
    const faults = findWeightFaults(all, made.weights);
    expect(faults.negative).to.have.length(18);
    expect(faults.negativePoints).to.be.closeTo(24.48, 0.005);
    expect(faults.separated).to.have.length(11);
    expect([...made.weights.values()].filter((weight) => weight >= 1.4 && weight <= 1.9)).to.have.length(44);
  });

  it("sybil/later-weights-are-the-first-scaled", async () => {
    const data = await published();
    if (data === undefined) return;
    const of = (wanted: string) => data.versions.find(({ date }) => date === wanted)!.weights;
    const [first, later] = [of("2022-12-14"), of("2023-03-24")];
    const shared = Object.keys(later).filter((name) => name in first);
    expect(shared).to.have.length(58);
    expect(Object.keys(later)).to.have.length(60);
    for (const name of shared) expect(later[name]! / first[name]!).to.be.closeTo(0.968363024833583, 1e-14);
  });

  it("sybil/published-odds-and-probabilities", async () => {
    const data = await published();
    if (data === undefined) return;
    const { logistic, regularised } = data;
    for (const [stamp, ratio] of Object.entries({
      Ens: 2.2349,
      Linkedin: 3.3453,
      Twitter: 1.9384,
      CommunityStakingGold: 15.1757,
      Brightid: 0.6879,
      SelfStakingGold: 0.1814,
    })) {
      expect(oddsRatio(logistic.coefficients.get(stamp)!)).to.be.closeTo(ratio, 5e-5);
    }
    const probability = (model: typeof logistic, stamps: string[]) =>
      logisticProbability(model.intercept, model.coefficients, stamps);
    expect(probability(logistic, [])).to.be.closeTo(0.159182, 5e-7);
    expect(probability(logistic, ["Ens", "Linkedin", "Google"])).to.be.closeTo(0.488105, 5e-7);
    expect(probability(regularised, ["Ens", "Linkedin", "Google"])).to.be.closeTo(0.507251, 5e-7);
    expect([...regularised.coefficients.values()].filter((value) => value !== 0)).to.have.length(30);
    expect(() => probability(logistic, ["CommunityStakingSilver"])).to.throw("no coefficient");
  });

  it("sum to the total, and keep the order of the coefficients", () => {
    fc.assert(
      fc.property(coefficients, (values) => {
        const { weights } = affineWeights(values, 100);
        expect([...weights.values()].reduce((sum, weight) => sum + weight, 0)).to.be.closeTo(100, 1e-9);
        for (const weight of weights.values()) expect(weight).to.be.above(0);
      }),
    );
  });

  it("sybil/negative-evidence-gives-no-points", () => {
    fc.assert(
      fc.property(coefficients, (values) => {
        if (![...values.values()].some((value) => value > 0.001 && value <= 8)) return;
        const { points, refused } = proposeWeights(values);
        for (const [stamp, value] of values) {
          if (value < 0 || value > 8) expect(points.get(stamp)).to.equal(0);
          expect(refused.get(stamp)).to.equal(Math.abs(value) > 8 ? "separated" : value < 0 ? "negative" : undefined);
          expect(Number.isInteger(points.get(stamp))).to.equal(true);
        }
        const sum = [...points.values()].reduce((total, value) => total + value, 0);
        expect(sum).to.be.closeTo(1_000_000, values.size / 2);
      }),
    );
    expect(() => proposeWeights(new Map([["a", -1]]))).to.throw("nothing to propose");
  });
});
