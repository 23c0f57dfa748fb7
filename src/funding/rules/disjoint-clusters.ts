import type { Round } from "../round.js";
import { eachProject } from "./standard.js";

/**
 * Connection-oriented cluster match (markov, harsh) where no donor is in two clusters, and who is in none is a cluster alone.
 *
 * Then N U N = A, so that a donor is close to its own cluster with 1 and to all others with 0; Q_gh is what cluster h gave, for
 * every g ≠ h, and the sum over g ≠ h of √(Q_gh Q_hg) is (Σ_g √C_g)² − Σ_g C_g with C_g the sum of cluster g. That takes time in
 * the number of donations and has no limit on clusters, where the general form takes the square of their number for each project.
 * `clusterOf[d]` is the cluster of donor d, or -1.
 */
export function disjointClusterMatching(round: Round, clusterOf: Int32Array): Float64Array {
  const sums = new Float64Array(clusterOf.reduce((most, cluster) => Math.max(most, cluster), -1) + 1);
  return eachProject(round, (from, to) => {
    let [roots, total] = [0, 0];
    for (let e = from; e < to; e++) {
      const cluster = clusterOf[round.donors[e] as number] as number;
      const amount = round.amounts[e] as number;
      total += amount;
      if (cluster === -1) roots += Math.sqrt(amount);
      else sums[cluster]! += amount;
    }
    for (let e = from; e < to; e++) {
      const cluster = clusterOf[round.donors[e] as number] as number;
      if (cluster === -1) continue;
      roots += Math.sqrt(sums[cluster] as number);
      sums[cluster] = 0; // its other donors add nothing, and the next project begins at zero
    }
    return roots * roots - total;
  });
}
