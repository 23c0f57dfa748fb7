// Pairwise-bounded quadratic funding (Buterin 2019): the match that a pair of donors adds to a project shrinks with how much the
// two agree over the whole round, so that a farm of any size gets no more than M a pair.
import { FundingError } from "../errors.js";
import { byDonor, type Round } from "../round.js";

/**
 * Σ over pairs i < j of √(c_ip c_jp) · M / (M + Σ_q √(c_iq c_jq)). Time grows with the sum of the squares of the numbers of
 * donors of each project, memory with the number of donors.
 */
export function pairwiseMatching(round: Round, m: number): Float64Array {
  if (!(m > 0 && m < Infinity)) throw new FundingError("funding/bad-setting", `M is ${m}: it must be positive`);
  const view = byDonor(round);
  const rootsOfDonor = view.amounts.map(Math.sqrt);
  const rootsOfProject = round.amounts.map(Math.sqrt);
  const matching = new Float64Array(round.projectNames.length);
  const agreement = new Float64Array(round.donorNames.length);
  // Where the donors after i begin in each project: donors are visited in ascending order, as the projects list them.
  const after = round.starts.slice(0, -1);
  for (let i = 0; i < round.donorNames.length; i++) {
    const from = view.starts[i] as number;
    const to = view.starts[i + 1] as number;
    for (let own = from; own < to; own++) {
      const p = view.projects[own] as number;
      after[p] = (after[p] as number) + 1;
      const root = rootsOfDonor[own] as number;
      for (let e = after[p] as number; e < (round.starts[p + 1] as number); e++) {
        const j = round.donors[e] as number;
        agreement[j] = (agreement[j] as number) + root * (rootsOfProject[e] as number);
      }
    }
    for (let own = from; own < to; own++) {
      const p = view.projects[own] as number;
      const root = rootsOfDonor[own] as number;
      let sum = 0;
      for (let e = after[p] as number; e < (round.starts[p + 1] as number); e++) {
        const j = round.donors[e] as number;
        sum += ((rootsOfProject[e] as number) * m) / (m + (agreement[j] as number));
      }
      matching[p] = (matching[p] as number) + root * sum;
    }
    for (let own = from; own < to; own++) {
      const p = view.projects[own] as number;
      for (let e = after[p] as number; e < (round.starts[p + 1] as number); e++)
        agreement[round.donors[e] as number] = 0;
    }
  }
  return matching;
}
