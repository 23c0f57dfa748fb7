// Quadratic funding (Buterin, Hitzig, Weyl 2018): (Σ √c)² − Σ c. Results of all rules here are matching only, without the
// donations themselves, and not yet scaled to a pool; entry p belongs to project p of the round.
import type { Round } from "../round.js";

/** Standard quadratic funding. */
export function standardMatching(round: Round): Float64Array {
  return eachProject(round, (from, to) => {
    let roots = 0;
    let sum = 0;
    for (let e = from; e < to; e++) {
      roots += Math.sqrt(round.amounts[e] as number);
      sum += round.amounts[e] as number;
    }
    return roots * roots - sum;
  });
}

/** (Σ √c)², the share of a pool that the sheets of past rounds divide by; direct donations are in it. */
export function squaredRoots(round: Round): Float64Array {
  return eachProject(round, (from, to) => {
    let roots = 0;
    for (let e = from; e < to; e++) roots += Math.sqrt(round.amounts[e] as number);
    return roots * roots;
  });
}

/** One figure a project, from its entries `from` to `to`. */
export function eachProject(round: Round, figure: (from: number, to: number, project: number) => number): Float64Array {
  return Float64Array.from(round.projectNames, (_, p) =>
    figure(round.starts[p] as number, round.starts[p + 1] as number, p),
  );
}
