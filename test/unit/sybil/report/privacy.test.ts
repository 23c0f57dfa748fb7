import { expect } from "chai";

import { matchedPerDonor } from "../../../../src/funding/attribution.js";
import { amountBands, LEAST_CROWD } from "../../../../src/sybil/report/coarse.js";
import type { RoundReport } from "../../../../src/sybil/report/report-round.js";
import { plotsOf } from "../../../../src/sybil/report/plots/all-plots.js";
import { reportOf, smallRound } from "../../../support/sybil-report.js";

describe("what a report without names tells", () => {
  // Two thousand donors, some with sums that nobody else gives.
  const tables = smallRound({ donors: 2_000, labels: 200 });
  let report: RoundReport;
  let named: RoundReport;
  before(async () => {
    [report, named] = [await reportOf(tables), await reportOf(tables, { naming: { kind: "names" } })];
  });
  const listed = ({ result: { accounts } }: RoundReport) => [
    ...accounts.clusters.flatMap((one) => one.accounts),
    ...accounts.alone,
  ];

  it("sybil/public-sums-fit-five-donors-at-least", () => {
    const totals = new Map<string, number>();
    const { donations } = tables;
    donations.starts.subarray(0, -1).forEach((from, p) => {
      for (let e = from; e < donations.starts[p + 1]!; e++) {
        const donor = donations.donorNames[donations.donors[e]!]!;
        totals.set(donor, (totals.get(donor) ?? 0) + donations.amounts[e]!);
      }
    });
    const matched = matchedPerDonor(donations, report.facts.payouts[0]!.raw);
    const sums = donations.donorNames.map((donor, row) => ({ donated: totals.get(donor)!, matched: matched[row]! }));
    const rows = listed(report);
    expect(rows).to.have.length.above(50);
    const edges = [...new Set(rows.map(({ donated }) => donated))].sort((a, b) => a - b);
    expect(edges).to.have.length.above(2);
    for (const row of rows) {
      expect([row.matched, row.cost]).to.deep.equal([null, null]);
      expect(row.donated === 0 || Number.isInteger(Math.log2(row.donated)), `${row.donated}`).to.equal(true);
      // Whoever joins the row with the donations knows that the sum is above the edge, and below twice the edge at best.
      const fitting = sums.filter(
        (sum) => sum.donated > row.donated && (row.donated === 0 || sum.donated <= 2 * row.donated),
      );
      const above = sums.filter((sum) => sum.donated > row.donated);
      const crowd = row.donated === edges.at(-1) ? above : fitting;
      expect(crowd.length, JSON.stringify(row)).to.be.at.least(LEAST_CROWD);
    }
  });

  it("joins bands of amounts that few are in", () => {
    const bandOf = amountBands(Float64Array.from([...new Array<number>(6).fill(3), 5, 5, 9, 17, 1_500, 5_000]));
    expect([3, 5, 9, 17, 1_500, 5_000].map(bandOf)).to.deep.equal([2, 4, 4, 4, 4, 4]);
    const few = amountBands(Float64Array.from([1.5, 40, 40, 40, 40, 40, 700]));
    expect([1.5, 40, 700].map(few)).to.deep.equal([0, 0, 0]);
    expect(amountBands(Float64Array.from([700]))(700)).to.equal(0);
  });

  it("gives no sums of few accounts, and three digits of others", () => {
    const { accounts, matching, gate, costs } = report.result;
    const digits = (value: number | null, what: string) =>
      expect(value === null || Number(value.toPrecision(3)) === value, what).to.equal(true);
    for (const { size, donated, matched, topProjects } of accounts.clusters) {
      expect([donated === null, matched === null, topProjects.length === 0]).to.deep.equal(
        new Array(3).fill(size < LEAST_CROWD),
      );
      digits(donated, "cluster");
    }
    matching.projects.forEach(({ project, flaggedDonors, payouts }) => {
      const exact = named.result.matching.projects.find((one) => one.project === project)!.flaggedDonors!;
      expect(flaggedDonors, project).to.equal(exact < LEAST_CROWD ? null : exact);
      for (const paid of Object.values(payouts)) {
        for (const value of Object.values(paid)) digits(value, project);
        if (exact < LEAST_CROWD) expect(paid.tax).to.equal(null);
      }
    });
    for (const cell of [gate!.flaggedAbove, gate!.flaggedBelow, gate!.othersAbove, gate!.othersBelow]) {
      expect(cell.donated === null).to.equal(cell.accounts < LEAST_CROWD);
      digits(cell.matched, "gate");
    }
    expect(costs!.passports.every(({ all }) => all === null || all.count >= LEAST_CROWD)).to.equal(true);
  });

  it("hides what is of few in the pictures and their data too", () => {
    const few = { ...report.result.gate!.flaggedAbove, accounts: 2, donated: null, matched: null };
    const result = { ...report.result, gate: { ...report.result.gate!, flaggedAbove: few } };
    const gate = plotsOf(result).find(({ id }) => id === "gate")!;
    expect(gate.rows[0]!.filter((value) => value === "")).to.have.length(2);
    const payouts = plotsOf(result).find(({ id }) => id === "payouts")!;
    for (const value of payouts.rows.flatMap((row) => row.slice(2))) {
      if (typeof value === "number") expect(Number(value.toPrecision(3))).to.equal(value);
    }
  });

  it("leaves a report with names exact", () => {
    const { facts } = named;
    const rows = new Map(tables.donations.donorNames.map((donor, row) => [donor, row]));
    for (const { account, donated, matched, cost } of listed(named)) {
      const row = rows.get(account)!;
      expect([donated, matched, cost]).to.deep.equal([facts.donated[row], facts.matched[row], facts.costs!.all[row]]);
    }
    expect(named.result.bands!.bands.at(-1)!.to).to.equal(Math.max(...facts.scores!.sums));
    for (const { tax, raw } of named.result.matching.projects.map(({ payouts }) => payouts.standard!)) {
      expect([typeof tax, typeof raw]).to.deep.equal(["number", "number"]);
    }
  });
});
