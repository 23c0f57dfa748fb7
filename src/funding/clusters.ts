import { FundingError } from "./errors.js";
import { collectRound, donationsOf, type Round } from "./round.js";

/** Which clusters (communities, groups, badges) a donor belongs to. */
export type Memberships = ReadonlyMap<string, readonly string[]>;

/**
 * A round with the memberships of its donors, ready for the cluster rules. Donors with the same set of clusters share a
 * *kind*, and everything about closeness is computed once a kind: `kindOf[d]` of each donor, and per kind its clusters.
 */
export interface ClusteredRound {
  /** Donors with clusters and their donations; projects that lost all of them are still there, empty. */
  readonly round: Round;
  readonly clusterNames: readonly string[];
  readonly kindOf: Uint32Array;
  readonly kinds: readonly Kind[];
}

export interface Kind {
  /** Indices into the names, ascending; at least one. */
  readonly clusters: readonly number[];
  /** How many donors are of this kind. */
  readonly donors: number;
}

const MAX_CLUSTERS = 1_024;

/**
 * Joins donations and memberships. Donors without donations or without clusters, and clusters without donors, are dropped first.
 *
 * Throws `funding/bad-clusters` where a donor names a cluster twice, and `funding/too-many-clusters` above 1,024 of them.
 */
export function clusterRound(all: Round, memberships: Memberships): ClusteredRound {
  const donated = new Set(all.donorNames);
  const clusterIds = new Map<string, number>();
  for (const [donor, clusters] of memberships) {
    if (new Set(clusters).size !== clusters.length) {
      throw new FundingError("funding/bad-clusters", `donor ${donor} is named twice in one cluster`);
    }
    if (!donated.has(donor)) continue;
    for (const cluster of clusters) if (!clusterIds.has(cluster)) clusterIds.set(cluster, clusterIds.size);
  }
  if (clusterIds.size > MAX_CLUSTERS) {
    const message = `${clusterIds.size} clusters: at most ${MAX_CLUSTERS} fit into the cluster rules`;
    throw new FundingError("funding/too-many-clusters", message);
  }
  const clustersOf = (donor: string) => memberships.get(donor) ?? [];
  const kept = [...donationsOf(all)].filter(({ donor }) => clustersOf(donor).length > 0);
  const round = collectRound(kept, all.projectNames);
  const kinds = new Map<string, { id: number; clusters: number[]; donors: number }>();
  const kindOf = Uint32Array.from(round.donorNames, (donor) => {
    const clusters = clustersOf(donor)
      .map((cluster) => clusterIds.get(cluster) as number)
      .sort((a, b) => a - b);
    const key = clusters.join();
    const kind = kinds.get(key) ?? { id: kinds.size, clusters, donors: 0 };
    kinds.set(key, kind);
    kind.donors += 1;
    return kind.id;
  });
  return { round, clusterNames: [...clusterIds.keys()], kindOf, kinds: [...kinds.values()] };
}

/** How many clusters two kinds have in common; both lists ascend. */
export function commonClusters(a: Kind, b: Kind): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.clusters.length && j < b.clusters.length;) {
    const difference = (a.clusters[i] as number) - (b.clusters[j] as number);
    if (difference === 0) common += 1;
    if (difference <= 0) i += 1;
    if (difference >= 0) j += 1;
  }
  return common;
}
