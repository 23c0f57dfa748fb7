import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { clusterDonors, type Donor } from "../../../src/sybil/clusters.js";
import { nearestDistances } from "../../../src/sybil/dna/donor-dna.js";
import { grantFingerprints } from "../../../src/sybil/dna/grant-dna.js";
import { readDonors } from "../../../src/sybil/dna/read-donors.js";
import { labelAccounts } from "../../../src/sybil/labels.js";
import { META_RANK_FEATURES } from "../../../src/sybil/meta-rank.js";
import { countNameMatches, nearestNames } from "../../../src/sybil/names/name-features.js";
import { codePoints, levenshtein } from "../../../src/sybil/names/levenshtein.js";
import { clusterEdges } from "../../../src/sybil/read-edges.js";
import { judgeTransferGroups } from "../../../src/sybil/transfer-groups.js";
import { dataFolder, readData } from "../../support/data.js";

/** By the definition, recursively. */
function slowDistance(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const rest = [slowDistance(a.slice(1), b), slowDistance(a, b.slice(1))];
  return Math.min(Math.min(...rest) + 1, slowDistance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1));
}

const distanceOf = (a: string, b: string) => levenshtein(codePoints(a), codePoints(b)) as number;
const file = (text: string) => {
  const made = path.join(mkdtempSync(path.join(tmpdir(), "clusters-")), "edges.csv");
  writeFileSync(made, text);
  return made;
};
const letters = fc.array(fc.constantFrom("a", "b", "c", "é", "🙂"), { maxLength: 6 }).map((parts) => parts.join(""));
const names = fc.array(letters, { minLength: 1, maxLength: 25 });

describe("names", () => {
  it("sybil/edit-distance-is-plain-levenshtein", () => {
    expect(distanceOf("anna01", "anna02")).to.equal(1);
    expect(distanceOf("kitten", "sitting")).to.equal(3);
    expect(distanceOf("ab", "ba")).to.equal(2);
    fc.assert(
      fc.property(letters, letters, fc.nat(7), (a, b, limit) => {
        const wanted = slowDistance([...codePoints(a)], [...codePoints(b)]);
        expect(distanceOf(a, b)).to.equal(wanted);
        expect(levenshtein(codePoints(a), codePoints(b), limit)).to.equal(wanted <= limit ? wanted : undefined);
      }),
      { numRuns: 300 },
    );
  });

  it("sybil/name-index-finds-what-all-pairs-find", () => {
    fc.assert(
      fc.property(names, (rows) => {
        const distances = rows.map((a) => rows.map((b) => distanceOf(a, b)));
        const matches = distances.map((row) => row.filter((value) => value === 1).length);
        const nearest = distances.map((row) => Math.min(...row.filter((value) => value > 0)));
        expect([...countNameMatches(rows)]).to.deep.equal(matches);
        expect([...nearestNames(rows)]).to.deep.equal(nearest.map((value) => (value === Infinity ? NaN : value)));
      }),
      { numRuns: 400 },
    );
  });
});

describe("clusters", () => {
  const donor: fc.Arbitrary<Donor> = fc.record({
    bits: fc.uniqueArray(fc.constantFrom("1", "2"), { maxLength: 2 }),
    addresses: fc.uniqueArray(fc.constantFrom("x", "y", "z", "w"), { maxLength: 2 }),
    name: fc.array(fc.constantFrom("a", "b"), { maxLength: 6 }).map((parts) => parts.join("")),
  });

  it("sybil/clusters-need-two-signs-of-three", () => {
    const joined = (a: Donor, b: Donor) => {
      const equal = a.bits.length === b.bits.length && a.bits.every((bit) => b.bits.includes(bit));
      const met = a.addresses.some((address) => b.addresses.includes(address));
      return Number(equal) + Number(met) + Number(distanceOf(a.name, b.name) <= 1) >= 2;
    };
    fc.assert(
      fc.property(fc.array(donor, { maxLength: 14 }), (donors) => {
        // Labels that spread along edges until nothing changes.
        const labels = donors.map((_, row) => row);
        for (let changed = true; changed;) {
          changed = false;
          donors.forEach((a, i) =>
            donors.forEach((b, j) => {
              if (labels[i]! >= labels[j]! || !joined(a, b)) return;
              labels[j] = labels[i]!;
              changed = true;
            }),
          );
        }
        const wanted = donors.map((_, row) => donors.flatMap((_, other) => (labels[other] === row ? [other] : [])));
        const found = clusterDonors(donors);
        const order = (groups: readonly (readonly number[])[]) => [...groups].sort((a, b) => a[0]! - b[0]!);
        expect(order(found.map((cluster) => cluster.donors))).to.deep.equal(wanted.filter((group) => group.length > 1));
        found.forEach(({ donors: rows, meanGrants }, at) => {
          if (at > 0) expect(rows.length).to.be.at.most(found[at - 1]!.donors.length);
          const total = rows.reduce((sum, row) => sum + donors[row]!.bits.length, 0);
          expect(meanGrants).to.equal(Math.ceil(total / rows.length));
        });
      }),
      { numRuns: 400 },
    );
  });

  it("sybil/clusters-of-edges-up-to-a-cut", async () => {
    const edges = file("a,b,distance\np,q,0.1\nq,r,0.11\ns,t,0\nt,u,0.05\n");
    expect(await clusterEdges(edges, 0.1)).to.deep.equal([
      ["s", "t", "u"],
      ["p", "q"],
    ]);
    expect((await clusterEdges(edges, 0.2)).map((group) => group.length)).to.deep.equal([3, 3]);
    for (const [line, code] of [
      ["p,p,0", "sybil/bad-cell"],
      ["p,q,-1", "sybil/bad-cell"],
      ["p,q,NaN", "sybil/bad-cell"],
      ["p,q", "sybil/bad-table"],
    ]) {
      let error: unknown;
      await clusterEdges(file(`a,b,distance\nx,y,1\n${line}\n`), 1).catch((reason: unknown) => (error = reason));
      expect(error).to.have.property("code", code);
      expect(error).to.have.property("message").that.includes("line 3");
    }
  });
});

describe("grant fingerprints", () => {
  it("sybil/grants-are-compared-by-donors", async () => {
    const donors = await readDonors(file("donor,bits\nd1,g1 g2 Amt_1\nd2,g1 g2 g3 Amt_1 Amt_2\nd3,g3\n"));
    const grants = grantFingerprints(donors);
    expect(grants.grants).to.deep.equal(["g1", "g2", "g3"]);
    expect([...nearestDistances(grants, "jaccard")]).to.deep.equal([0, 0, 2 / 3]);
  });

  it("sybil/published-grants-as-all-pairs", async function () {
    this.timeout(60_000);
    if (readData("gr15/donor_dna.csv") === undefined) return;
    const { grants, starts, tokens, tokenCount, ...rest } = grantFingerprints(
      await readDonors(path.join(dataFolder, "gr15/donor_dna.csv")),
    );
    const distances = nearestDistances({ starts, tokens, tokenCount, ...rest }, "jaccard");
    const seen = new Uint32Array(tokenCount);
    let worst = 0;
    grants.forEach((_, g) => {
      for (let at = starts[g]!; at < starts[g + 1]!; at++) seen[tokens[at]!] = g + 1;
      let nearest = 1;
      grants.forEach((_, other) => {
        if (other === g) return;
        let common = 0;
        for (let at = starts[other]!; at < starts[other + 1]!; at++) if (seen[tokens[at]!] === g + 1) common += 1;
        const union = starts[g + 1]! - starts[g]! + starts[other + 1]! - starts[other]! - common;
        nearest = Math.min(nearest, (union - common) / union);
      });
      worst = Math.max(worst, Math.abs(nearest - distances[g]!));
    });
    const count = distances.filter((value) => value <= 0.25).length;
    console.log(`      GrantDNA of gr15: ${grants.length} grants, ${count} within 0.25, worst difference ${worst}`);
    expect(grants).to.have.length(1_496);
    expect(worst).to.equal(0);
  });
});

describe("labels", () => {
  const column = (values: readonly (number | undefined)[]) =>
    META_RANK_FEATURES.map(([name, suspicious]) => ({
      suspicious,
      values: name === "GrantOwner" ? values.map(() => 0) : values.map((x) => (suspicious === "low" ? x : x && -x)),
    }));

  it("sybil/labels-are-cut-from-ten-features", () => {
    const features = column([1, 2, 3, 4, 5]);
    expect(labelAccounts(features).labels).to.deep.equal(["loki", "loki", "none", "thor", "thor"]);
    // What was dropped changes nothing.
    const dropped = features.map((feature, at) => (at === 4 ? { ...feature, values: [9, 7, 5, 3, 1] } : feature));
    expect(labelAccounts(dropped).labels).to.deep.equal(labelAccounts(features).labels);
    const owner = features.map((feature, at) => (at === 7 ? { ...feature, values: [0.5, 0, 0, 0, 0] } : feature));
    expect(labelAccounts(owner).labels[0]).to.equal("none");
  });

  it("sybil/published-labels-never-overlap", () => {
    const [text, trust] = ["metarank_features", "sad_vs_trust"].map((name) => readData(`gr15/${name}.csv`));
    if (text === undefined || trust === undefined) return;
    const cells = (csv: string) =>
      csv
        .trim()
        .split("\n")
        .map((line) => line.split(","));
    const bonus = new Map(
      cells(trust)
        .slice(1)
        .map(([donor, value]) => [donor, Number(Number(value).toFixed(2))]),
    );
    const [header, ...rows] = cells(text);
    const features = META_RANK_FEATURES.map(([name, suspicious]) => {
      const at = header!.indexOf(name);
      const values = rows.map((row) => (row[at] === "NA" ? undefined : Number(row[at])));
      return { suspicious, values: name === "APUScore" ? rows.map((row) => bonus.get(row[0])) : values };
    });
    const { loki, thor, labels } = labelAccounts(features);
    const owners = features[7]!.values;
    const both = rows.filter((_, row) => loki[row]! <= 0.3 && owners[row] === 0 && thor[row]! >= 0.75);
    const count = (label: string) => labels.filter((other) => other === label).length;
    console.log(`      labels of gr15: ${rows.length} rows, ${count("loki")} Loki, ${count("thor")} Thor`);
    expect(both).to.have.length(0);
    expect(count("loki")).to.be.above(0);
    expect(count("thor")).to.be.above(0);
  });
});

describe("transfer groups", () => {
  it("sybil/transfer-groups-count-from-eight-candidates", () => {
    const address = (at: number) => `0xAb${at}`;
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => address(from + at));
    const { counted, flagged, eligible } = judgeTransferGroups({
      candidates: range(0, 40),
      found: [
        { id: "reviewed", addresses: range(0, 8).map((text) => text.toLowerCase()) },
        { id: "unseen", addresses: range(8, 18) },
        { id: "small", addresses: [...range(18, 25), ...range(90, 99), address(24)] },
      ],
      reviewed: new Set(["reviewed", "small"]),
      reported: [
        { id: "report", addresses: range(4, 12) },
        { id: "few", addresses: range(30, 37) },
      ],
    });
    expect(counted).to.deep.equal(["reviewed", "report"]);
    expect(flagged).to.deep.equal(range(0, 12));
    expect(eligible).to.deep.equal(range(12, 40));
  });
});
