import path from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { nearestDistances, nearestDistancesInThreads } from "../../../src/sybil/dna/donor-dna.js";
import type { TokenSets } from "../../../src/sybil/dna/fingerprints.js";
import type { Metric } from "../../../src/sybil/dna/nearest.js";
import { readDonors } from "../../../src/sybil/dna/read-donors.js";
import { dataFolder, readData } from "../../support/data.js";

function setsOf(rows: readonly (readonly number[])[]): TokenSets {
  const starts = Uint32Array.from([0, ...rows.map((_, at) => rows.slice(0, at + 1).flat().length)]);
  const tokens = rows.flat();
  return { starts, tokens: Uint32Array.from(tokens), tokenCount: Math.max(0, ...tokens) + 1 };
}

/** Every pair, by the definition. */
function bruteForce(rows: readonly (readonly number[])[], metric: Metric): number[] {
  return rows.map((row, at) =>
    Math.min(
      ...rows.flatMap((other, place) => {
        if (place === at) return [];
        const common = row.filter((token) => other.includes(token)).length;
        const union = row.length + other.length - common;
        if (metric === "hamming") return [union - common];
        return [union === 0 ? 0 : (union - common) / union];
      }),
    ),
  );
}

describe("donor fingerprints", () => {
  // Common tokens and rare ones, as grants are; repeated rows, empty ones, and rows that share nothing.
  const token = fc.oneof(
    { weight: 6, arbitrary: fc.nat(9) },
    { weight: 3, arbitrary: fc.nat(60) },
    { weight: 1, arbitrary: fc.nat(4_000) },
  );
  const rows = fc
    .array(fc.uniqueArray(token, { maxLength: 14 }), { minLength: 2, maxLength: 60 })
    .chain((made) =>
      fc.array(fc.nat(made.length - 1), { maxLength: 8 }).map((again) => [...made, ...again.map((n) => made[n]!)]),
    );

  for (const metric of ["jaccard", "hamming"] as const) {
    it(`find the nearest by ${metric}, as comparing every pair does`, () => {
      fc.assert(
        fc.property(rows, (made) => {
          expect([...nearestDistances(setsOf(made), metric)]).to.deep.equal(bruteForce(made, metric));
        }),
        { numRuns: 400 },
      );
    });
  }

  it("sybil/distances-ignore-names-and-order", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 1_000 }), (made, shift) => {
        const renamed = made.map((row) => row.map((value) => ((value + shift) * 7) % 30_011)).reverse();
        expect([...nearestDistances(setsOf(renamed), "jaccard")].reverse()).to.deep.equal([
          ...nearestDistances(setsOf(made), "jaccard"),
        ]);
      }),
      { numRuns: 100 },
    );
  });

  it("sybil/a-copy-cat-touches-its-original", () => {
    fc.assert(
      fc.property(rows, fc.nat(), (made, pick) => {
        const original = pick % made.length;
        const before = nearestDistances(setsOf(made), "jaccard");
        const after = nearestDistances(setsOf([...made, made[original]!]), "jaccard");
        expect(after[original]).to.equal(0);
        before.forEach((value, at) => expect(after[at]).to.be.at.most(value));
      }),
      { numRuns: 100 },
    );
  });

  it("sybil/threads-find-what-one-does", async () => {
    const made = fc.sample(rows, { numRuns: 40, seed: 7 }).flat();
    for (const metric of ["jaccard", "hamming"] as const) {
      const alone = nearestDistances(setsOf(made), metric);
      const found = await nearestDistancesInThreads(setsOf(made), metric, 3, undefined, 2);
      expect(found).to.deep.equal(alone);
    }
  });

  it("have no neighbour when there is one donor", () => {
    expect(nearestDistances(setsOf([[1, 2]]), "jaccard")[0]).to.be.NaN;
  });

  it("sybil/published-donor-distances", async function () {
    this.timeout(60_000);
    const expected = readData("gr15/donor_dna_expected.csv");
    if (expected === undefined) return;
    const wanted = new Map(
      expected
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(",") as [string, string]),
    );
    const sets = await readDonors(path.join(dataFolder, "gr15/donor_dna.csv"));
    const distances = nearestDistances(sets, "jaccard");
    let worst = 0;
    sets.donors.forEach((donor, at) => {
      worst = Math.max(worst, Math.abs((distances[at] as number) - Number(wanted.get(donor))));
    });
    console.log(`      gr15/donor_dna.csv: ${sets.donors.length} donors, worst difference ${worst}`);
    expect(sets.donors).to.have.length(39_957);
    expect(worst).to.equal(0);
    expect(distances.filter((value) => value === 0)).to.have.length(20_850);
    expect(distances.filter((value) => value <= 0.25)).to.have.length(33_429);
    expect(distances.reduce((sum, value) => sum + value, 0) / distances.length).to.be.closeTo(0.1116775591589, 1e-12);
  });
});
