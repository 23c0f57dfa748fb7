import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { cheapestPass, type PricedStamp } from "../../../src/sybil/cost/cost-to-pass.js";
import {
  accountCost,
  costPerFraud,
  largestProfitable,
  leastStake,
  spreadOf,
} from "../../../src/sybil/cost/economics.js";
import { parseRules } from "../../../src/scoring/rules/parse-rules.js";
import { gridThreshold, readWeights, readWeightsOrRules } from "../../../src/sybil/cost/read-weights.js";
import { correctStaking, costOfForgery, readStampCosts } from "../../../src/sybil/cost/stamp-costs.js";
import { dataFolder, readData } from "../../support/data.js";

const PUBLISHED = "passport/cost_of_forgery.csv";

describe("the cost of forgery", () => {
  it("sybil/published-costs-of-stamps", async () => {
    const text = readData(PUBLISHED);
    if (text === undefined) return;
    const costs = await readStampCosts(path.join(dataFolder, PUBLISHED));
    const wanted = new Map(
      text
        .trim()
        .split("\n")
        .map((line) => [line.split(",")[0], Number(line.split(",")[11])]),
    );
    const worst = Math.max(...costs.map((cost) => Math.abs(costOfForgery(cost) - wanted.get(cost.stamp)!)));
    console.log(`      ${PUBLISHED}: ${costs.length} stamps, worst difference ${worst.toExponential(1)}`);
    expect(costs).to.have.length(58);
    expect(worst).to.be.below(1e-6);
    expect(costs.reduce((sum, cost) => sum + costOfForgery(cost), 0)).to.be.closeTo(84_321.0625, 1e-3);
    const price = (list: typeof costs, name: string) => list.find(({ stamp }) => stamp === name)!.price;
    const corrected = correctStaking(costs);
    for (const kind of ["SelfStaking", "CommunityStaking"]) {
      expect([price(costs, `${kind}Silver`), price(costs, `${kind}Gold`)]).to.deep.equal([211, 31]);
      expect([price(corrected, `${kind}Silver`), price(corrected, `${kind}Gold`)]).to.deep.equal([31, 211]);
    }
    expect(correctStaking(corrected)).to.deep.equal(corrected);
  });

  it("sybil/published-costs-to-pass", async () => {
    const history = readData("passport/weights_history.json");
    if (history === undefined || readData(PUBLISHED) === undefined) return;
    const versions = JSON.parse(history) as { date: string; threshold: string; weights: Record<string, number> }[];
    const { weights } = versions.find(
      ({ date, threshold }) => date === "2023-01-09" && threshold !== null && String(threshold).startsWith("21"),
    )!;
    const costs = await readStampCosts(path.join(dataFolder, PUBLISHED));
    const stamps = costs.map((cost) => ({
      stamp: cost.stamp,
      points: Math.round(weights[cost.stamp]! * 10_000),
      cost: costOfForgery(cost),
    }));
    const dear = cheapestPass(stamps, { threshold: Math.ceil(217_581.19658119657) })!;
    expect(dear.cost).to.be.closeTo(260.7083, 5e-5);
    expect(dear.stamps).to.have.length(12);
    expect(dear.points / 10_000).to.be.closeTo(22.4565, 5e-4);
    const cheap = cheapestPass(stamps, { threshold: 150_000 })!;
    expect(cheap.cost).to.be.closeTo(133.3333, 5e-5);
    expect(cheap.stamps).to.have.length(8);
    console.log(`      cost to pass of January 2023: ${dear.cost.toFixed(4)} at 21.76, ${cheap.cost.toFixed(4)} at 15`);
  });

  const stamp = fc.record({ points: fc.nat(12), cost: fc.nat(9) });
  const round = fc.record({
    stamps: fc.array(stamp, { minLength: 1, maxLength: 8 }),
    threshold: fc.nat(40),
    groups: fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 8, maxLength: 8 }),
    caps: fc.tuple(fc.nat(15), fc.nat(15)),
    gates: fc.option(fc.array(fc.array(fc.nat(7), { maxLength: 2 }), { minLength: 1, maxLength: 3 }), {
      nil: undefined,
    }),
  });

  it("sybil/cost-to-pass-is-the-least-of-all-sets", () => {
    fc.assert(
      fc.property(round, ({ stamps: made, threshold, groups, caps, gates }) => {
        const stamps: PricedStamp[] = made.map((entry, at) => ({ stamp: `s${at}`, ...entry }));
        const anyOf = gates?.map((set) => set.map((at) => `s${at % stamps.length}`));
        const limits = caps.map((cap, group) => ({
          cap,
          stamps: stamps.filter((_, at) => groups[at] === group).map((entry) => entry.stamp),
        }));
        let least = Infinity;
        for (let set = 0; set < 2 ** stamps.length; set++) {
          const held = stamps.filter((_, at) => (set >> at) & 1);
          const names = held.map((entry) => entry.stamp);
          if (anyOf !== undefined && !anyOf.some((wanted) => wanted.every((name) => names.includes(name)))) continue;
          const sum = (wanted: readonly string[]) =>
            held.filter((entry) => wanted.includes(entry.stamp)).reduce((total, entry) => total + entry.points, 0);
          const free = stamps.filter((_, at) => groups[at] === -1).map((entry) => entry.stamp);
          const points = limits.reduce((total, group) => total + Math.min(group.cap, sum(group.stamps)), sum(free));
          if (points >= threshold)
            least = Math.min(
              least,
              held.reduce((total, entry) => total + entry.cost, 0),
            );
        }
        const found = cheapestPass(stamps, { threshold, caps: limits, ...(anyOf === undefined ? {} : { anyOf }) });
        expect(found?.cost ?? Infinity).to.equal(least);
        if (found === undefined) return;
        expect(found.points).to.be.at.least(threshold);
        expect(stamps.filter((entry) => found.stamps.includes(entry.stamp)).reduce((t, e) => t + e.cost, 0)).to.equal(
          least,
        );
      }),
      { numRuns: 500 },
    );
  });

  it("refuses what is off the grid, negative, unknown or in two groups", () => {
    const one = { stamp: "a", points: 1, cost: 1 };
    for (const [stamps, rules] of [
      [[{ ...one, points: 0.5 }], { threshold: 1 }],
      [[{ ...one, cost: -1 }], { threshold: 1 }],
      [[{ ...one, cost: NaN }], { threshold: 1 }],
      [[one, one], { threshold: 1 }],
      [[one], { threshold: 0.5 }],
      [[one], { threshold: 1, anyOf: [["b"]] }],
      [
        [one],
        {
          threshold: 1,
          caps: [
            { stamps: ["a"], cap: 1 },
            { stamps: ["a"], cap: 1 },
          ],
        },
      ],
    ] as const) {
      expect(() => cheapestPass(stamps, rules))
        .to.throw()
        .with.property("code", "sybil/bad-setting");
    }
  });

  it("sybil/cost-tables-name-the-line", async () => {
    const read = (text: string) => {
      const file = path.join(mkdtempSync(path.join(tmpdir(), "costs-")), "costs.csv");
      writeFileSync(file, text);
      return readStampCosts(file).then(
        () => "read",
        (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`,
      );
    };
    const header = "stamp,cost,users,incentivised,reversibility,meta_identity,social\n";
    expect(await read(`${header}a,10,0.25,0,0,0,-0.25\n`)).to.equal("read");
    for (const [row, code] of [
      ["a,NaN,0,0,0,0,0", "sybil/bad-cell"],
      ["a,10,0.3,0,0,0,0", "sybil/bad-cell"],
      ["a,-1,0,0,0,0,0", "sybil/bad-cell"],
      ["a,10,0,0,0,0", "sybil/bad-table"],
      ["b,10,0,0,0,0,0", "sybil/duplicate-row"],
    ] as const) {
      const answer = await read(`${header}b,1,0,0,0,0,0\n${row}\n`);
      expect(answer).to.match(new RegExp(`^${code}: costs.csv, line 3`));
    }
    expect(await read(header)).to.match(/^sybil\/empty-table/);
    expect(await read("stamp,price\na,1\n")).to.match(/^sybil\/unknown-column/);
  });

  it("sybil/weights-and-threshold-on-the-grid", async () => {
    const thresholds = {
      "15": 150_000,
      "15.0001": 150_001,
      "15.00001": 150_001,
      "21.758119658119657": 217_582,
      "0.1": 1_000,
    };
    for (const [text, points] of Object.entries(thresholds)) expect(gridThreshold(text)).to.equal(points);
    expect(gridThreshold("1677.7216")).to.equal(2 ** 24);
    expect(() => gridThreshold("1700.50")).to.throw("of 1700.50 points is beyond the limit of 1677.7216 points");
    for (const text of ["", "-1", "1e3", "NaN"]) expect(() => gridThreshold(text)).to.throw("no number from 0");
    const read = (text: string) => {
      const file = path.join(mkdtempSync(path.join(tmpdir(), "weights-")), "weights.json");
      writeFileSync(file, text);
      return readWeights(file).then(
        (weights) => JSON.stringify([...weights]),
        (error: unknown) => (error as { code: string }).code,
      );
    };
    expect(await read('{"a": 1.57615, "b": "2"}')).to.equal('[["a",15762],["b",20000]]');
    expect(await read('{"a": -1}')).to.equal("sybil/bad-cell");
    expect(await read('{"a": null}')).to.equal("sybil/bad-cell");
    expect(await read("[1]")).to.equal("sybil/bad-table");
    const ofRules = path.join(mkdtempSync(path.join(tmpdir(), "weights-")), "rules.json");
    const document = { format: "touchstone-scorer-rules-v1", threshold: "2.5", weights: { a: "1.5" } };
    writeFileSync(ofRules, JSON.stringify(document));
    expect(await readWeightsOrRules(ofRules)).to.deep.equal({ rules: parseRules(document) });
    writeFileSync(ofRules, '{"format": 1}');
    expect(await readWeightsOrRules(ofRules)).to.deep.equal({ weights: new Map([["format", 10_000]]) });
    expect(await read("{")).to.equal("sybil/unreadable");
  });

  it("sybil/profit-and-stake", () => {
    // Matching that grows slower than cost: 100 · √n against 20 a head pays below 25.
    expect(largestProfitable((n) => 100 * Math.sqrt(n), 20, 1_000)).to.equal(24);
    expect(largestProfitable(() => 0, 20, 1_000)).to.equal(0);
    const terms = { rate: 0.05, years: 0.5, slashProbability: 0.1, slashShare: 0.5 };
    expect(leastStake(30, terms)).to.be.closeTo(400, 1e-9);
    expect(() => leastStake(30, { ...terms, rate: 0, slashShare: 0 })).to.throw("costs nothing");
    expect(
      accountCost(
        ["a", "b", "a", "c"],
        new Map([
          ["a", 2],
          ["b", 3],
        ]),
      ),
    ).to.deep.equal({ cost: 5, unpriced: ["c"] });
    const account = (cost: number, flagged: boolean, passed: boolean) => ({ cost, flagged, passed });
    expect(costPerFraud([account(10, true, true), account(20, true, true), account(90, false, true)])).to.equal(15);
    expect(costPerFraud([account(10, true, false)])).to.equal(undefined);
    expect(spreadOf([4, 1, 3, 2])).to.deep.equal({ count: 4, lower: 1.75, median: 2.5, upper: 3.25 });
  });
});
