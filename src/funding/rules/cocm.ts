// Connection-oriented cluster match (Miller, Weyl, Erichsen 2022, "Beyond Collusion Resistance"): a donation counts between
// clusters, and the less so the closer the donor already is to the other cluster.
//   A   donors × clusters, 1 for members        N   rows of A divided by their sum
//   k   closeness of donor and cluster, 0 to 1   K   what the donor brings to the cluster, from c and k
//   Q = Kᵀ N, clusters × clusters                matching = Σ_{g ≠ h} √(Q_gh Q_hg)
import { commonClusters, type ClusteredRound, type Kind } from "../clusters.js";
import { eachProject } from "./standard.js";

/** How closeness is measured: along two random steps, as the share of a donor's friends, or as any common cluster at all. */
export type Closeness = "markov" | "pct_friends" | "og";
/** What remains of a donation to a cluster that is close: its square root, or nothing. */
export type Discount = "harsh" | "soft";

/** Connection-oriented cluster match of each project. Rounds in practice use markov and harsh. */
export function cocmMatching(clustered: ClusteredRound, closeness: Closeness, discount: Discount): Float64Array {
  const { round, clusterNames, kindOf, kinds } = clustered;
  const size = clusterNames.length;
  const near = CLOSENESS[closeness](clustered);
  // What a kind gives to a project in full and as roots: Q is linear in both, so donors of a kind are added up first.
  const full = new Float64Array(kinds.length);
  const roots = new Float64Array(kinds.length);
  const q = new Float64Array(size * size);
  return eachProject(round, (from, to) => {
    full.fill(0);
    roots.fill(0);
    q.fill(0);
    for (let e = from; e < to; e++) {
      const kind = kindOf[round.donors[e] as number] as number;
      full[kind] = (full[kind] as number) + (round.amounts[e] as number);
      roots[kind] = (roots[kind] as number) + Math.sqrt(round.amounts[e] as number);
    }
    kinds.forEach(({ clusters }, kind) => {
      if (full[kind] === 0) return;
      for (let g = 0; g < size; g++) {
        const k = near[kind * size + g] as number;
        const kept = (1 - k) * (full[kind] as number) + (discount === "soft" ? k * (roots[kind] as number) : 0);
        for (const h of clusters) q[g * size + h] = (q[g * size + h] as number) + kept / clusters.length;
      }
    });
    let sum = 0;
    for (let g = 0; g < size; g++) {
      for (let h = 0; h < g; h++) sum += 2 * Math.sqrt((q[g * size + h] as number) * (q[h * size + g] as number));
    }
    return sum;
  });
}

/** Whether nobody is far from anything: then `og` and `harsh` leave no matching at all, and whoever runs the round should know. */
export function everybodyIsClose(clustered: ClusteredRound): boolean {
  return commonWithAnyMember(clustered).every((near) => near === 1);
}

/** Closeness by kind and cluster, row after row. */
const CLOSENESS: Readonly<Record<Closeness, (clustered: ClusteredRound) => Float64Array>> = {
  markov: twoSteps,
  pct_friends: shareOfFriends,
  og: commonWithAnyMember,
};

/** max(N U N, A), where U has the columns of A divided by their sums, transposed: donor → cluster → member → cluster. */
function twoSteps({ clusterNames, kinds }: ClusteredRound): Float64Array {
  const size = clusterNames.length;
  const members = new Float64Array(size);
  for (const { clusters, donors } of kinds) for (const g of clusters) members[g] = (members[g] as number) + donors;
  const between = new Float64Array(size * size); // U N: from a cluster through a random member to one of its clusters
  for (const { clusters, donors } of kinds) {
    for (const g of clusters) {
      for (const h of clusters) {
        between[g * size + h] = (between[g * size + h] as number) + donors / (members[g] as number) / clusters.length;
      }
    }
  }
  return eachKind(kinds, size, ({ clusters }, h) =>
    clusters.reduce((sum, g) => sum + (between[g * size + h] as number) / clusters.length, 0),
  );
}

/** max(F A / rows of F, A), where F says who shares a cluster with whom, oneself included. */
function shareOfFriends({ clusterNames, kinds }: ClusteredRound): Float64Array {
  const size = clusterNames.length;
  const shares = kinds.map((kind) => {
    const row = new Float64Array(size);
    let friends = 0;
    for (const other of kinds) {
      if (commonClusters(kind, other) === 0) continue;
      friends += other.donors;
      for (const h of other.clusters) row[h] = (row[h] as number) + other.donors;
    }
    return row.map((members) => members / friends);
  });
  return eachKind(kinds, size, (_, h, kind) => (shares[kind] as Float64Array)[h] as number);
}

/** 1 where (A Aᵀ A) > 0: the donor shares a cluster with some member. */
function commonWithAnyMember({ clusterNames, kinds }: ClusteredRound): Float64Array {
  const reached = kinds.map((kind) => {
    const row = new Set<number>();
    for (const other of kinds) if (commonClusters(kind, other) > 0) for (const h of other.clusters) row.add(h);
    return row;
  });
  return eachKind(kinds, clusterNames.length, (_, h, kind) => ((reached[kind] as Set<number>).has(h) ? 1 : 0));
}

/** A figure for each kind and cluster, 1 where the kind belongs to the cluster. */
function eachKind(
  kinds: readonly Kind[],
  size: number,
  figure: (kind: Kind, cluster: number, index: number) => number,
): Float64Array {
  const near = new Float64Array(kinds.length * size);
  kinds.forEach((kind, index) => {
    // At most 1, whatever rounding adds: 1 − k is a share.
    for (let h = 0; h < size; h++) near[index * size + h] = Math.min(1, figure(kind, h, index));
    for (const h of kind.clusters) near[index * size + h] = 1;
  });
  return near;
}
