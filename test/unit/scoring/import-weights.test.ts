import { expect } from "chai";
import fc from "fast-check";

import { importedRules, importWeightHistory, importWeights } from "../../../src/scoring/rules/import-weights.js";
import { DEFAULT_RULES } from "../../../src/scoring/rules/default-rules.js";
import { rulesHash } from "../../../src/scoring/rules/scorer-rules.js";
import { readData } from "../../support/data.js";
import { codeOf } from "../../support/scoring.js";

const sumOf = (weights: ReadonlyMap<string, number>) => [...weights.values()].reduce((sum, weight) => sum + weight, 0);

describe("imported weights", () => {
  it("scoring/weight-history-loads: all 41 published versions, number and sum as stated", () => {
    const text = readData("passport/weights_history.json");
    if (text === undefined) return;
    const history = JSON.parse(text) as { n: number; sum: number }[];
    const versions = importWeightHistory(history, { offGrid: "round" });
    console.log(`      ${versions.length} versions of the weight table checked`);
    expect(versions).to.have.length(41);
    versions.forEach(({ weights }, index) => {
      expect(weights.size).to.equal(history[index]?.n);
      expect(Math.abs(sumOf(weights) / 10_000 - (history[index]?.sum ?? 0))).to.be.at.most(1.0001e-4);
    });
    const exact = versions.filter(({ notices }) => notices.length === 0);
    expect(exact.length).to.equal(importable(history).length);
    expect(versions[5]?.threshold).to.equal(217_582);
    expect(versions[0]?.notices.join()).to.include("no threshold");
    const hashes = new Map(
      versions.map((version) => [
        JSON.stringify([...version.weights, version.threshold]),
        rulesHash(importedRules(version)),
      ]),
    );
    expect(new Set(hashes.values()).size).to.be.greaterThan(30);
  });

  const importable = (history: readonly unknown[]) =>
    history.filter((table) => {
      const strict = { ...(table as object) } as { threshold: unknown };
      return (
        strict.threshold !== null && codeOf(() => importWeights(strict, { offGrid: "refuse" })) === "nothing thrown"
      );
    });

  it("carries the current table as data", () => {
    const text = readData("passport/weights_current.json");
    expect([...DEFAULT_RULES.weights.values()].reduce((sum, weight) => sum + weight, 0)).to.equal(1_801_080);
    expect([DEFAULT_RULES.weights.size, DEFAULT_RULES.threshold]).to.deep.equal([51, 200_000]);
    if (text === undefined) return;
    const { weights } = importWeights(JSON.parse(text), { offGrid: "refuse" });
    expect(new Map([...weights].sort())).to.deep.equal(new Map([...DEFAULT_RULES.weights].sort()));
  });

  it("refuses or rounds a fifth decimal, and says so", () => {
    const table = { threshold: "20.00005", weights: { A: 0.30001, B: "0.30001", C: 1 } };
    expect(codeOf(() => importWeights(table, { offGrid: "refuse" }))).to.equal("scoring/off-grid");
    expect(codeOf(() => importWeights({ ...table, weights: {} }, { offGrid: "refuse" }))).to.equal("scoring/off-grid");
    const { threshold, weights, notices } = importWeights(table, { offGrid: "round" });
    expect([threshold, [...weights.values()]]).to.deep.equal([200_001, [3000, 3000, 10_000]]);
    expect(notices).to.have.length(2);
  });

  it("keeps the sum to 1e-4 whatever the decimals, and no weight moves by a whole unit", () => {
    const weight = fc
      .tuple(fc.nat(99), fc.stringMatching(/^[0-9]{1,17}$/))
      .map(([whole, fraction]) => `${whole}.${fraction}`);
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 60 }), (list) => {
        const table = { threshold: 20, weights: Object.fromEntries(list.map((text, at) => [`p${at}`, text])) };
        const { weights } = importWeights(table, { offGrid: "round" });
        const exact = (text: string) =>
          BigInt(text.replace(".", "") + "0".repeat(17 - (text.split(".")[1]?.length ?? 0)));
        const unit = 10n ** 13n;
        const sum = list.reduce((total, text) => total + exact(text), 0n);
        const off = BigInt(sumOf(weights)) * unit - sum;
        expect(2n * (off < 0n ? -off : off) <= unit).to.equal(true);
        list.forEach((text, at) => {
          const moved = BigInt(weights.get(`p${at}`) ?? 0) * unit - exact(text);
          expect((moved < 0n ? -moved : moved) < unit).to.equal(true);
        });
      }),
    );
  });

  it("refuses tables that are none", () => {
    for (const table of [null, [], {}, { weights: { A: true } }, { weights: { A: "x" } }, { weights: { A: -1 } }]) {
      expect(
        codeOf(() => importWeights(table, { offGrid: "round" })),
        JSON.stringify(table),
      ).to.match(/^scoring\/(weights-malformed|points)$/);
    }
    const entry = { commit: "c", date: "d", subject: "s", threshold: 1, n: 1, sum: 1, weights: { A: 1 } };
    expect(codeOf(() => importWeightHistory([{ ...entry, n: 2 }], { offGrid: "round" }))).to.equal(
      "scoring/weights-malformed",
    );
    expect(codeOf(() => importWeightHistory([{ ...entry, sum: 1.0002 }], { offGrid: "round" }))).to.equal(
      "scoring/weights-malformed",
    );
    expect(importWeightHistory([entry], { offGrid: "refuse" })).to.have.length(1);
  });
});
