import { expect } from "chai";
import fc from "fast-check";

import { clusterRound, type Memberships } from "../../../src/funding/clusters.js";
import { collectRound, donationsOf, weighDonors, type Donation, type Round } from "../../../src/funding/round.js";
import { clusterProfileMatching } from "../../../src/funding/rules/cluster-profiles.js";
import { cocmMatching, everybodyIsClose, type Closeness, type Discount } from "../../../src/funding/rules/cocm.js";
import { donationProfileMatching } from "../../../src/funding/rules/donation-profiles.js";
import { pairwiseMatching } from "../../../src/funding/rules/pairwise.js";
import { standardMatching } from "../../../src/funding/rules/standard.js";
import { readData } from "../../support/data.js";

type Rule = (round: Round, memberships: Memberships) => Float64Array;

const cocm =
  (closeness: Closeness, discount: Discount): Rule =>
  (round, memberships) =>
    cocmMatching(clusterRound(round, memberships), closeness, discount);
const RULES: Readonly<Record<string, Rule>> = {
  standard_qf: standardMatching,
  "pairwise_M0.01": (round) => pairwiseMatching(round, 0.01),
  pairwise_M25: (round) => pairwiseMatching(round, 25),
  cluster_profile_pairwise: (round, memberships) => clusterProfileMatching(clusterRound(round, memberships)),
  donation_profile_clustermatch: donationProfileMatching,
  COCM_markov_harshTrue: cocm("markov", "harsh"),
  COCM_markov_harshFalse: cocm("markov", "soft"),
  COCM_pct_friends_harshTrue: cocm("pct_friends", "harsh"),
  COCM_pct_friends_harshFalse: cocm("pct_friends", "soft"),
  COCM_og_harshTrue: cocm("og", "harsh"),
  COCM_og_harshFalse: cocm("og", "soft"),
};

// The formulas of the rules as they are written, over dense matrices and every pair: slow, and nothing to get wrong.
const DENSE: Readonly<Record<string, (c: number[][], a: number[][], p: number) => number>> = {
  standard_qf: (c, _, p) => sum(c.map((row) => Math.sqrt(row[p]!))) ** 2 - sum(c.map((row) => row[p]!)),
  pairwise_M25: (c, _, p) =>
    sum(
      pairs(c.length).map(([i, j]) => {
        const agreement = sum(c[i]!.map((amount, q) => Math.sqrt(amount * c[j]![q]!)));
        return (Math.sqrt(c[i]![p]! * c[j]![p]!) * 25) / (25 + agreement);
      }),
    ),
  cluster_profile_pairwise: (c, a, p) =>
    sum(
      pairs(c.length).map(([i, j]) => {
        const [t, u] = [sum(a[i]!), sum(a[j]!)];
        if (t === 0 || u === 0) return 0;
        const common = sum(a[i]!.map((member, g) => member * a[j]![g]!));
        return (2 * Math.sqrt(c[i]![p]! * c[j]![p]!) * (t + u - 2 * common)) / (t + u);
      }),
    ),
  donation_profile_clustermatch: (c, _, p) => {
    const groups = new Map<string, number>();
    for (const row of c) {
      const key = row.map((amount) => (amount > 0 ? 1 : 0)).join();
      groups.set(key, (groups.get(key) ?? 0) + row[p]!);
    }
    return sum([...groups.values()].map(Math.sqrt)) ** 2 - sum(c.map((row) => row[p]!));
  },
};

/** Connection-oriented cluster match by matrix products; donors without clusters and empty clusters are gone already. */
function denseCocm(c: number[][], a: number[][], p: number, closeness: Closeness, discount: Discount): number {
  const n = a.map((row) => row.map((member) => member / sum(row)));
  const u = transpose(a).map((row) => row.map((member) => member / sum(row)));
  const shared = product(a, transpose(a)).map((row) => row.map((count) => (count > 0 ? 1 : 0)));
  const reach = product(shared, a);
  const near = {
    markov: () => product(product(n, u), n),
    pct_friends: () => reach.map((row, i) => row.map((count) => count / sum(shared[i]!))),
    og: () => reach.map((row) => row.map((count) => (count > 0 ? 1 : 0))),
  }[closeness]();
  const k = near.map((row, i) => row.map((value, h) => Math.min(1, Math.max(value, a[i]![h]!))));
  const brought = k.map((row, i) =>
    row.map((close) => (1 - close) * c[i]![p]! + (discount === "soft" ? close * Math.sqrt(c[i]![p]!) : 0)),
  );
  const q = product(transpose(brought), n);
  return sum(pairs(q.length).map(([g, h]) => 2 * Math.sqrt(q[g]![h]! * q[h]![g]!)));
}

describe("matching rules", () => {
  it("give the figures of the published oracle", function () {
    const text = readData("qf/cocm_oracle_fixture.json");
    if (text === undefined) return;
    const oracle = JSON.parse(text) as {
      donations: Record<string, Record<string, number>>;
      clusters: Record<string, string[]>;
      projects: string[];
      expected: Record<string, Record<string, number>>;
    };
    const donations = Object.entries(oracle.donations).flatMap(([donor, gifts]) =>
      Object.entries(gifts).map(([project, amount]): Donation => ({ donor, project, amount })),
    );
    const round = collectRound(donations, oracle.projects);
    const memberships = new Map(Object.entries(oracle.clusters));
    let worst = 0;
    let checks = 0;
    for (const [name, figures] of Object.entries(oracle.expected)) {
      const rule = RULES[name];
      expect(rule, name).not.to.equal(undefined);
      const matching = (rule as Rule)(round, memberships);
      round.projectNames.forEach((project, p) => {
        const wanted = figures[project] as number;
        worst = Math.max(worst, Math.abs(matching[p]! - wanted) / Math.max(1, Math.abs(wanted)));
        checks += 1;
      });
    }
    console.log(
      `      qf/cocm_oracle_fixture.json: ${checks} figures, worst relative difference ${worst.toExponential(1)}`,
    );
    expect(checks).to.equal(11 * 25);
    expect(worst).to.be.below(1e-12);
    expect(everybodyIsClose(clusterRound(round, memberships)), "og and harsh is 0 for a reason").to.equal(true);
  });

  const rounds = fc.record({
    donations: fc.array(
      fc.record({
        donor: fc.integer({ min: 0, max: 7 }).map((n) => `d${n}`),
        project: fc.integer({ min: 0, max: 4 }).map((n) => `p${n}`),
        amount: fc.integer({ min: 1, max: 100 }),
      }),
      { minLength: 1, maxLength: 40 },
    ),
    clusters: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 4 }).map((n) => `c${n}`)), {
      minLength: 8,
      maxLength: 8,
    }),
  });

  it("equal the formulas computed over every pair", () => {
    fc.assert(
      fc.property(rounds, ({ donations, clusters }) => {
        const round = collectRound(donations);
        const memberships = new Map(clusters.map((names, d) => [`d${d}`, names]));
        const { c, a } = dense(round, memberships);
        for (const [name, formula] of Object.entries(DENSE)) {
          const matching = (RULES[name] as Rule)(round, memberships);
          round.projectNames.forEach((_, p) => expectClose(matching[p]!, formula(c, a, p), name));
        }
        const kept = a.map((row, i) => [row, c[i]!] as const).filter(([row]) => sum(row) > 0);
        const members = transpose(transpose(kept.map(([row]) => row)).filter((column) => sum(column) > 0));
        for (const closeness of ["markov", "pct_friends", "og"] as const) {
          for (const discount of ["harsh", "soft"] as const) {
            const matching = cocm(closeness, discount)(round, memberships);
            const gifts = kept.map(([, row]) => row);
            round.projectNames.forEach((_, p) => {
              const wanted = kept.length === 0 ? 0 : denseCocm(gifts, members, p, closeness, discount);
              expectClose(matching[p]!, wanted, `${closeness} ${discount}`);
            });
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("do not depend on the order or the names of donors", () => {
    fc.assert(
      fc.property(rounds, fc.infiniteStream(fc.nat()), ({ donations, clusters }, keys) => {
        const round = collectRound(donations);
        const shuffled = donations
          .map((donation) => ({ donation, key: keys.next().value as number }))
          .sort((x, y) => x.key - y.key)
          .map(({ donation }) => ({ ...donation, donor: `other ${donation.donor}` }));
        const other = collectRound(shuffled, round.projectNames);
        const memberships = new Map(clusters.map((names, d) => [`d${d}`, names]));
        const renamed = new Map([...memberships].map(([donor, names]) => [`other ${donor}`, names]));
        for (const [name, rule] of Object.entries(RULES)) {
          const [before, after] = [rule(round, memberships), rule(other, renamed)];
          before.forEach((figure, p) => expectClose(after[p]!, figure, name));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("leave a squelched donor out as if there had been none", () => {
    fc.assert(
      fc.property(rounds, ({ donations }) => {
        const without = donations.filter(({ donor }) => donor !== "d0");
        const round = collectRound(donations);
        const squelched = weighDonors(round, (donor) => (donor === "d0" ? 0 : 1));
        const expected = collectRound(without, round.projectNames);
        expect([...donationsOf(squelched)].length).to.equal([...donationsOf(expected)].length);
        standardMatching(expected).forEach((figure, p) => expectClose(standardMatching(squelched)[p]!, figure, "qf"));
      }),
      { numRuns: 100 },
    );
  });

  it("refuse amounts that are no sum, and clusters named twice", () => {
    for (const amount of [0, -1, NaN, Infinity]) {
      expect(() => collectRound([{ donor: "d", project: "p", amount }]))
        .to.throw()
        .with.property("code", "funding/bad-donation");
    }
    const round = collectRound([{ donor: "d", project: "p", amount: 1 }]);
    expect(() => clusterRound(round, new Map([["d", ["x", "x"]]])))
      .to.throw()
      .with.property("code", "funding/bad-clusters");
    expect(() => pairwiseMatching(round, 0))
      .to.throw()
      .with.property("code", "funding/bad-setting");
  });
});

function dense(round: Round, memberships: Memberships): { c: number[][]; a: number[][] } {
  const clusters = [...new Set([...memberships.values()].flat())];
  const c = round.donorNames.map(() => round.projectNames.map(() => 0));
  for (const { donor, project, amount } of donationsOf(round)) {
    c[round.donorNames.indexOf(donor)]![round.projectNames.indexOf(project)] = amount;
  }
  const a = round.donorNames.map((donor) =>
    clusters.map((cluster) => (memberships.get(donor)?.includes(cluster) === true ? 1 : 0)),
  );
  return { c, a };
}

function expectClose(actual: number, wanted: number, name: string): void {
  // Sums in another order; a term near zero may differ by the rounding of large ones that cancel.
  expect(Math.abs(actual - wanted), name).to.be.at.most(1e-7 * Math.max(1, Math.abs(wanted)));
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const pairs = (n: number): [number, number][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: i }, (_, j): [number, number] => [i, j])).flat();
const transpose = (m: number[][]): number[][] => (m[0] ?? []).map((_, j) => m.map((row) => row[j]!));
const product = (a: number[][], b: number[][]): number[][] =>
  a.map((row) => (b[0] ?? []).map((_, j) => sum(row.map((value, i) => value * b[i]![j]!))));
