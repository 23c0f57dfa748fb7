import { Type, type Static } from "typebox";

import type { ReportFacts } from "../facts.js";
import { closed, Count, Dollars, Figure, Money, orNull, Probability, Share, shareOf } from "./parts.js";

const FlaggedAccount = closed({
  account: Type.String(),
  probability: Probability,
  settledBy: Type.Union([Type.Literal("human-rule"), Type.Literal("sybil-rule"), Type.Literal("model")]),
  reasons: Type.Array(Type.String(), { description: "Names of reasons" }),
  score: orNull(Figure),
  passed: orNull(Type.Boolean()),
  donated: Type.Number({ description: "Two digits, unless the report names accounts; so are the other sums, and whole points" }),
  matched: Type.Number({ description: "What the standard rule matched to its donations, before any defence" }),
  cost: orNull(Dollars),
});
export type FlaggedAccount = Static<typeof FlaggedAccount>;

export const Accounts = closed(
  {
    flagged: Share,
    settledBy: closed({ humanRules: Count, sybilRules: Count, model: Count }),
    matchedToFlagged: Money,
    probabilities: Type.Array(Count, { description: "Donors by tenths of probability; the last tenth includes 1" }),
    reasons: Type.Record(Type.String(), Type.String(), { description: "Names of reasons and their sentences" }),
    clusters: Type.Array(
      closed({
        cluster: Type.String(),
        size: Count,
        flagged: Count,
        signs: Type.Array(Type.String()),
        donated: Money,
        matched: Money,
        topProjects: Type.Array(closed({ project: Type.String(), donors: Count })),
        accounts: Type.Array(FlaggedAccount, { description: "Its flagged accounts, the most suspicious first" }),
      }),
      { description: "Clusters with a flagged account, largest first" },
    ),
    clustersWithoutFlags: Count,
    alone: Type.Array(FlaggedAccount, { description: "Flagged accounts in no cluster" }),
  },
  "Who looks like a Sybil, and why",
);
export type Accounts = Static<typeof Accounts>;

const TOP_PROJECTS = 3;

export function accountsSection(facts: ReportFacts): Accounts {
  const { verdicts, flagged, matched } = facts;
  const rows = [...flagged.keys()];
  const flaggedRows = rows.filter((row) => flagged[row] === 1);
  const settled = (by: string) => verdicts.donors.filter(({ settledBy }) => settledBy === by).length;
  const probabilities = new Array<number>(10).fill(0);
  for (const { probability } of verdicts.donors) probabilities[Math.min(9, Math.floor(probability * 10))]! += 1;
  const reasons = new Map(
    flaggedRows.flatMap((row) => verdicts.donors[row]?.reasons ?? []).map(({ rule, text }) => [rule, text]),
  );
  const suspects = (among: readonly number[]) =>
    among
      .filter((row) => flagged[row] === 1)
      .map((row) => describe(facts, row))
      // The order of the donations would say who is who among equals.
      .sort((a, b) => b.probability - a.probability || (a.account < b.account ? -1 : 1));
  const clusters = verdicts.clusters
    .map(({ donors, signs }, at) => ({
      cluster: `C${at + 1}`,
      size: donors.length,
      flagged: donors.filter((row) => flagged[row] === 1).length,
      signs: [...signs],
      donated: sumOver(facts.donated, donors),
      matched: sumOver(matched, donors),
      topProjects: topProjects(facts, donors),
      accounts: suspects(donors),
    }))
    .filter((cluster) => cluster.flagged > 0);
  return {
    flagged: shareOf(flaggedRows.length, rows.length),
    settledBy: { humanRules: settled("human-rule"), sybilRules: settled("sybil-rule"), model: settled("model") },
    matchedToFlagged: sumOver(matched, flaggedRows),
    probabilities,
    reasons: Object.fromEntries([...reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
    clusters,
    clustersWithoutFlags: verdicts.clusters.length - clusters.length,
    alone: suspects(flaggedRows.filter((row) => facts.clusterOf[row] === -1)),
  };
}

const sumOver = (values: Float64Array, rows: readonly number[]): number =>
  rows.reduce((sum, row) => sum + (values[row] as number), 0);

/**
 * Sums and scores of a single account can be found on a chain, and would name who is behind a pseudonym: two digits of a sum and
 * whole points are what a report says of accounts that it does not name.
 */
const coarseSum = (value: number): number => Number(value.toPrecision(2));

function describe(facts: ReportFacts, row: number): FlaggedAccount {
  const { verdicts, scores, costs, nameOf, named } = facts;
  const verdict = verdicts.donors[row];
  const sum = (values: Float64Array) => (named ? (values[row] as number) : coarseSum(values[row] as number));
  const score = scores?.sums[row] as number;
  return {
    account: nameOf(row),
    probability: verdict?.probability ?? 0,
    settledBy: verdict?.settledBy ?? "model",
    reasons: [...new Set(verdict?.reasons.map(({ rule }) => rule))],
    score: scores === undefined ? null : named ? score : Math.floor(score),
    passed: scores === undefined ? null : scores.passing[row] === 1,
    donated: sum(facts.donated),
    matched: sum(facts.matched),
    cost: costs === undefined ? null : sum(costs.all),
  };
}

/** The projects that most of these donors gave to. */
function topProjects({ donorView, tables }: ReportFacts, donors: readonly number[]) {
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
