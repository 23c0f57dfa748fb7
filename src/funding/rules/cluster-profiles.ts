import { commonClusters, type ClusteredRound, type Kind } from "../clusters.js";
import { eachProject } from "./standard.js";

/**
 * Cluster-profile pairwise match: Σ over ordered pairs of √(c_ip c_jp) · (T_i + T_j − 2 n_ij) / (T_i + T_j), where T is the
 * number of clusters of a donor and n_ij that of the common ones. Two donors of the same clusters add nothing to each other.
 */
export function clusterProfileMatching({ round, kindOf, kinds }: ClusteredRound): Float64Array {
  const distances = Float64Array.from({ length: kinds.length * kinds.length }, (_, pair) => {
    const [a, b] = [kinds[Math.floor(pair / kinds.length)] as Kind, kinds[pair % kinds.length] as Kind];
    const sizes = a.clusters.length + b.clusters.length;
    return (sizes - 2 * commonClusters(a, b)) / sizes;
  });
  const roots = new Float64Array(kinds.length);
  return eachProject(round, (from, to) => {
    roots.fill(0);
    const present: number[] = [];
    for (let e = from; e < to; e++) {
      const kind = kindOf[round.donors[e] as number] as number;
      if (roots[kind] === 0) present.push(kind);
      roots[kind] = (roots[kind] as number) + Math.sqrt(round.amounts[e] as number);
    }
    // The factor depends on the kinds alone, so that the sum over pairs of donors is one over pairs of kinds.
    let sum = 0;
    for (const a of present) {
      for (const b of present) {
        sum += (roots[a] as number) * (roots[b] as number) * (distances[a * kinds.length + b] as number);
      }
    }
    return sum;
  });
}
