import { expect } from "chai";

import { metaRank, META_RANK_FEATURES, rankFeature } from "../../../src/sybil/meta-rank.js";
import { readData } from "../../support/data.js";

describe("MetaRank", () => {
  it("sybil/missing-values-rank-cautiously", () => {
    const values = [3, undefined, 1, 1, undefined];
    expect([...rankFeature(values, "low", "loki")]).to.deep.equal([3, 4, 1.5, 1.5, 5]);
    expect([...rankFeature(values, "low", "thor")]).to.deep.equal([5, 1, 3.5, 3.5, 2]);
    expect([...rankFeature(values, "high", "loki")]).to.deep.equal([1, 4, 2.5, 2.5, 5]);
    expect([...rankFeature(values, "high", "thor")]).to.deep.equal([3, 1, 4.5, 4.5, 2]);
  });

  it("refuses rows that are all alike", () => {
    const features = [{ values: [1, 1], suspicious: "low" as const }];
    expect(() => metaRank(features, "loki"))
      .to.throw()
      .with.property("code", "sybil/bad-setting");
  });

  it("sybil/published-ranks", () => {
    const [features, expected] = ["features", "expected"].map((name) => readData(`gr15/metarank_${name}.csv`));
    if (features === undefined || expected === undefined) return;
    const [header, ...rows] = features
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const columns = META_RANK_FEATURES.map(([name, suspicious]) => {
      const at = header!.indexOf(name);
      return { suspicious, values: rows.map((row) => (row[at] === "NA" ? undefined : Number(row[at]))) };
    });
    const published = expected
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",").slice(1).map(Number));
    let worst = 0;
    for (const [which, treatment] of (["loki", "thor"] as const).entries()) {
      metaRank(columns, treatment).forEach((value, row) => {
        worst = Math.max(worst, Math.abs(value - published[row]![which]!));
      });
    }
    console.log(`      gr15/metarank_features.csv: ${rows.length} rows, worst difference ${worst.toExponential(1)}`);
    expect(rows).to.have.length(39_965);
    expect(worst).to.be.below(1e-12);
  });
});
