import { Type, type Static } from "typebox";

import { amountBands, crowdSum, LEAST_CROWD } from "../coarse.js";
import type { ReportFacts } from "../facts.js";
import { settledBy, signsOf } from "../verdicts.js";
import { closed, Count, Dollars, Figure, finite, Money, orNull, Probability, Share, shareOf } from "./parts.js";

const SETTLED_BY = ["people", "rule", "model", "nothing"] as const;

const FlaggedAccount = closed({
  account: Type.String(),
  probability: orNull(Probability),
  settledBy: Type.Enum([...SETTLED_BY]),
  reasons: Type.Array(Type.String(), { description: "Names; `reasons` says what each means" }),
  score: orNull(Figure),
  passed: orNull(Type.Boolean()),
  donated: Type.Number({
    description: "Unless the report names accounts: the lower edge of a band of amounts, which it is above",
  }),
  matched: orNull(
    Type.Number({
      description:
        "What the standard rule matched to its donations, before any defence; null unless the report names accounts",
    }),
  ),
  cost: orNull(Dollars),
});
export type FlaggedAccount = Static<typeof FlaggedAccount>;

const Cluster = closed({
  cluster: Type.String(),
  size: Count,
  flagged: Count,
  reasons: Type.Array(closed({ reason: Type.String(), accounts: Count })),
  donated: orNull(Money),
  matched: orNull(Money),
  topProjects: Type.Array(closed({ project: Type.String(), donors: Count })),
  accounts: Type.Array(FlaggedAccount, { description: "Its flagged accounts, the most suspicious first" }),
});
export type Cluster = Static<typeof Cluster>;

export const Accounts = closed(
  {
    flagged: Share,
    settledBy: closed({ people: Count, rule: Count, model: Count, nothing: Count }),
    matchedToFlagged: orNull(Money),
    probabilities: Type.Array(Count, { description: "Donors by tenths of probability; the last tenth includes 1" }),
    reasons: Type.Record(Type.String(), Type.String(), { description: "What the names of reasons mean" }),
    clusters: Type.Array(Cluster, { description: "Clusters with a flagged account, largest first" }),
    clustersWithoutFlags: Count,
    alone: Type.Array(FlaggedAccount, { description: "Flagged accounts in no cluster" }),
  },
  "Who looks like a Sybil, and why",
);
export type Accounts = Static<typeof Accounts>;

const TOP_PROJECTS = 3;
const MOST_REASONS = 6;

export function accountsSection(facts: ReportFacts): Accounts {
  const { assessment, flagged, matched, named } = facts;
  const bandOf = amountBands(facts.donated);
  const rows = [...flagged.keys()];
  const flaggedRows = rows.filter((row) => flagged[row] === 1);
  const settled = { people: 0, rule: 0, model: 0, nothing: 0 };
  for (const row of rows) settled[settledBy(assessment, row)] += 1;
  const probabilities = new Array<number>(10).fill(0);
  for (const value of assessment.probability) {
    if (!Number.isNaN(value)) probabilities[Math.min(9, Math.floor(value * 10))]! += 1;
  }
  const said = new Set(flaggedRows.flatMap((row) => signsOf(assessment, row)));
  const suspects = (among: readonly number[]) =>
    among
      .filter((row) => flagged[row] === 1)
      .map((row) => describe(facts, row, bandOf))
      // The order of the donations would say who is who among equals.
      .sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0) || (a.account < b.account ? -1 : 1));
  const { groups, of } = assessment.features.clusters;
  const clusters = groups
    .map((donors, at) => ({
      cluster: clusterName(at),
      size: donors.length,
      flagged: donors.filter((row) => flagged[row] === 1).length,
      reasons: sharedReasons(facts, donors),
      donated: crowdSum(named, donors.length, sumOver(facts.donated, donors)),
      matched: crowdSum(named, donors.length, sumOver(matched, donors)),
      topProjects: named || donors.length >= LEAST_CROWD ? topProjects(facts, donors) : [],
      accounts: suspects(donors),
    }))
    .filter((cluster) => cluster.flagged > 0);
  return {
    flagged: shareOf(flaggedRows.length, rows.length),
    settledBy: settled,
    matchedToFlagged: crowdSum(named, flaggedRows.length, sumOver(matched, flaggedRows)),
    probabilities,
    reasons: Object.fromEntries([...said].sort().map((by) => [by, facts.meanings.get(by) ?? by])),
    clusters,
    clustersWithoutFlags: groups.length - clusters.length,
    alone: suspects(flaggedRows.filter((row) => of[row] === -1)),
  };
}

/** Of the cluster at a place, the largest being the first. */
export const clusterName = (at: number): string => `C${at + 1}`;

const sumOver = (values: Float64Array, rows: readonly number[]): number =>
  rows.reduce((sum, row) => sum + (values[row] as number), 0);

/**
 * Sums of a single account can be computed from public donations, and would name who is behind a pseudonym: a band of amounts and
 * whole points are what a report says of accounts that it does not name.
 */
function describe(facts: ReportFacts, row: number, bandOf: (total: number) => number): FlaggedAccount {
  const { assessment, scores, costs, nameOf, named } = facts;
  const donated = facts.donated[row] as number;
  const score = scores?.sums[row] as number;
  const probability = finite(assessment.probability[row]);
  return {
    account: nameOf(row),
    probability: probability === null || named ? probability : Math.round(probability * 100) / 100,
    settledBy: settledBy(assessment, row),
    reasons: signsOf(assessment, row),
    score: scores === undefined ? null : named ? score : Math.floor(score),
    passed: scores === undefined ? null : scores.passing[row] === 1,
    donated: named ? donated : bandOf(donated),
    matched: named ? (facts.matched[row] as number) : null,
    cost: costs === undefined || !named ? null : (costs.all[row] as number),
  };
}

/** What speaks against the flagged accounts of a cluster, the most common first. */
function sharedReasons({ assessment, flagged }: ReportFacts, donors: readonly number[]): Cluster["reasons"] {
  const counts = new Map<string, number>();
  for (const row of donors) {
    if (flagged[row] === 0) continue;
    for (const by of signsOf(assessment, row)) counts.set(by, (counts.get(by) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .slice(0, MOST_REASONS)
    .map(([reason, accounts]) => ({ reason, accounts }));
}

/** The projects that most of these donors gave to. */
function topProjects({ donorView, tables }: ReportFacts, donors: readonly number[]): Cluster["topProjects"] {
  const counts = new Map<number, number>();
  for (const row of donors) {
    for (let own = donorView.starts[row] as number; own < (donorView.starts[row + 1] as number); own++) {
      const p = donorView.projects[own] as number;
      counts.set(p, (counts.get(p) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([a, first], [b, second]) => second - first || a - b)
    .slice(0, TOP_PROJECTS)
    .map(([p, count]) => ({ project: tables.donations.projectNames[p] as string, donors: count }));
}
