// Donors whom a list of clusters does not name: people of their own, whom the cluster rules by themselves leave out.
import type { Memberships } from "./clusters.js";
import { FundingError } from "./errors.js";
import type { Round } from "./round.js";
import { disjointClusterMatching } from "./rules/disjoint-clusters.js";
import { eachProject } from "./rules/standard.js";

export interface Unlisted {
  readonly donors: number;
  /** What they gave, in the round's currency. */
  readonly amount: number;
}

/** Donors of the round without a cluster, and their donations. */
export function unlistedDonors(round: Round, memberships: Memberships): Unlisted {
  const without = round.donorNames.map((donor) => clustersOf(memberships, donor).length === 0);
  return {
    donors: without.filter(Boolean).length,
    amount: round.amounts.reduce((sum, amount, e) => (without[round.donors[e] as number] ? sum + amount : sum), 0),
  };
}

/**
 * Refuses a list in which no name is one of a donor of the round, as in one of pseudonyms: it would change nothing, or leave
 * everybody out, without a word. `option` names it in the message. Throws `funding/bad-setting`.
 */
export function requireDonors(round: Round, listed: { has(donor: string): boolean }, option: string): void {
  if (round.donorNames.some((donor) => listed.has(donor))) return;
  const message = `${option} names no donor of this round: give a list with the donors' names as the donations have them, not pseudonyms`;
  throw new FundingError("funding/bad-setting", message);
}

/** Relative to what a project got; a project of one cluster has no matching, but rounding leaves a trace of it. */
const ROUNDING = 1e-12;

/**
 * Connection-oriented cluster match where each unlisted donor is a cluster alone; undefined where a donor is in two clusters, which
 * the closed form does not take. With disjoint clusters the three kinds of closeness are one, and what a soft discount leaves
 * counts within a cluster only: the settings of the rule change nothing.
 */
export function cocmWithUnlisted(round: Round, memberships: Memberships): Float64Array | undefined {
  const ids = new Map<string, number>();
  const clusterOf = new Int32Array(round.donorNames.length).fill(-1);
  for (const [d, donor] of round.donorNames.entries()) {
    const [cluster, ...more] = clustersOf(memberships, donor);
    if (more.length > 0) return undefined;
    if (cluster === undefined) continue;
    if (!ids.has(cluster)) ids.set(cluster, ids.size);
    clusterOf[d] = ids.get(cluster) as number;
  }
  const given = eachProject(round, (from, to) => round.amounts.subarray(from, to).reduce((sum, one) => sum + one, 0));
  return disjointClusterMatching(round, clusterOf).map((figure, p) =>
    figure > ROUNDING * (given[p] as number) ? figure : 0,
  );
}

const clustersOf = (memberships: Memberships, donor: string): readonly string[] => memberships.get(donor) ?? [];
