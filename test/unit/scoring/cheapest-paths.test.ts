import { expect } from "chai";
import fc from "fast-check";

import { cheapestPaths, type ProviderCost } from "../../../src/scoring/rules/cheapest-paths.js";
import { compileRules } from "../../../src/scoring/rules/compile.js";
import { importWeightHistory } from "../../../src/scoring/rules/import-weights.js";
import { readData } from "../../support/data.js";
import { AT, rulesOf, scorerOf, stamp } from "../../support/scoring.js";

const cost = (provider: string, price: number, ...needs: string[]): ProviderCost => ({ provider, cost: price, needs });

describe("cheapestPaths", () => {
  it("lists the cheapest sets, without stamps that do nothing", () => {
    const scorer = compileRules(
      rulesOf({ threshold: "10", weights: { A: "6", B: "4", C: "10", D: "5" }, nonFungible: ["C"] }),
    );
    const prices = [cost("A", 3, "money"), cost("B", 3, "money"), cost("C", 8), cost("D", 4), cost("Unknown", 0)];
    expect(cheapestPaths(scorer, prices).paths).to.deep.equal([
      { providers: ["A", "B"], cost: 6, sum: 100_000, fungible: true },
      { providers: ["A", "D"], cost: 7, sum: 110_000, fungible: true },
      { providers: ["C"], cost: 8, sum: 100_000, fungible: false },
    ]);
    expect(cheapestPaths(scorer, prices, { without: ["money"] }).paths.map(({ providers }) => providers)).to.deep.equal(
      [["C"]],
    );
    expect(cheapestPaths(scorer, []).paths).to.deep.equal([]);
    expect(cheapestPaths(scorer, prices, { steps: 2 }).complete).to.equal(false);
  });

  it("gives up no branch that a fraction of a dear stamp would still make cheaper", () => {
    const scorer = compileRules(rulesOf({ threshold: "7", weights: { A: "5", B: "6", C: "10", D: "1" } }));
    const prices = [cost("A", 4), cost("B", 6), cost("C", 20), cost("D", 3)];
    expect(cheapestPaths(scorer, prices, { limit: 1 }).paths.map(({ providers }) => providers)).to.deep.equal([
      ["B", "D"],
    ]);
  });

  it("agrees with trying every set, under gates, caps and required stamps", () => {
    const names = ["A", "B", "C", "D", "E", "F"];
    const rules = fc.record({
      weights: fc
        .tuple(...names.map(() => fc.nat(60_000)))
        .map((list) => Object.fromEntries(list.map((w, at) => [names[at], (w / 10_000).toFixed(4)]))),
      threshold: fc.integer({ min: 1, max: 150_000 }).map((points) => (points / 10_000).toFixed(4)),
      gate: fc.constantFrom(null, "has(A) or has(B)", "count(g) >= 2", "sum(g) >= 3 and has(F)"),
      groups: fc.constantFrom(
        { g: { providers: ["A", "B", "C"] } },
        { g: { providers: ["A", "B", "C"], cap: "4", diminishing: [10_000, 4_000] } },
      ),
      required: fc.constantFrom([], ["E"]),
    });
    fc.assert(
      fc.property(rules, fc.tuple(...names.map(() => fc.nat(20))), (any, prices) => {
        const scorer = scorerOf(any);
        let best = Infinity;
        for (let set = 0; set < 64; set++) {
          const chosen = names.filter((_, at) => ((set >> at) & 1) === 1);
          if (
            !scorer.score(
              chosen.map((name) => stamp(name)),
              AT,
            ).passing
          )
            continue;
          best = Math.min(
            best,
            chosen.reduce((sum, name) => sum + (prices[names.indexOf(name)] ?? 0), 0),
          );
        }
        const priced = names.map((name, at) => cost(name, prices[at] ?? 0));
        const { paths, complete } = cheapestPaths(scorer.scorer, priced, { limit: 1 });
        expect(complete).to.equal(true);
        expect(paths[0]?.cost ?? Infinity).to.equal(best);
      }),
      { numRuns: 150 },
    );
  });

  it("reproduces the published cost to pass of January 2023: 260.7083 dollars with 12 stamps, 133.3333 with 8 at 15", () => {
    const [history, table] = [readData("passport/weights_history.json"), readData("passport/cost_of_forgery.csv")];
    if (history === undefined || table === undefined) return;
    const january = importWeightHistory(JSON.parse(history), { offGrid: "round" }).find(({ commit }) =>
      commit.startsWith("f72f7bf5"),
    );
    if (january === undefined) throw new Error("the version of January 2023 is not in the history");
    // Two lines of headings; no cell is quoted.
    const rows = table
      .split(/\r?\n/)
      .slice(2)
      .map((line) => line.split(","));
    const priced = rows
      .filter((row) => january.weights.has(row[0] ?? ""))
      .map((row) => {
        const factors = row.slice(4, 9).reduce((sum, factor) => sum + Number(factor), 1);
        return cost(row[0] ?? "", Number(row[3]) * factors);
      });
    const search = (threshold: number) => {
      const rules = { ...rulesOf({}), weights: january.weights, threshold };
      return cheapestPaths(compileRules(rules), priced, { limit: 1, steps: 3_000_000 });
    };
    const full = search(january.threshold);
    expect(full.complete).to.equal(true);
    expect([full.paths[0]?.cost.toFixed(4), full.paths[0]?.providers.length]).to.deep.equal(["260.7083", 12]);
    const lower = search(150_000);
    expect([lower.paths[0]?.cost.toFixed(4), lower.paths[0]?.providers.length]).to.deep.equal(["133.3333", 8]);
  });
});
