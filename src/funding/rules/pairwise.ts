// Pairwise-bounded quadratic funding (Buterin 2019): the match that a pair of donors adds to a project shrinks with how much the
// two agree over the whole round, so that a farm of any size gets no more than M a pair.
import { FundingError } from "../errors.js";
import { byDonor, type Round } from "../round.js";

/**
 * Σ over pairs i < j of √(c_ip c_jp) · M / (M + Σ_q √(c_iq c_jq)). Time grows with the sum of the squares of the numbers of
 * donors of each project, memory with the number of donors.
 */
export function pairwiseMatching(round: Round, m: number): Float64Array {
  const [matching] = pairwiseUnderWeights(round, m, [new Float64Array(round.donorNames.length).fill(1)]);
  return matching as Float64Array;
}

/** Every `step`-th donor from `from`: one thread's part of the pairs. The parts of all threads add up to the matching. */
export interface PairShare {
  readonly from: number;
  readonly step: number;
}

/**
 * {@link pairwiseMatching} for several weightings of the donors at once: factors from 0 on each donor's donations, 0 leaving the
 * donor out. What two donors agree on is counted once: under weights w it is √(w_i w_j) times what it is without.
 */
export function pairwiseUnderWeights(
  round: Round,
  m: number,
  weightings: readonly Float64Array[],
  { from: first, step }: PairShare = { from: 0, step: 1 },
): Float64Array[] {
  if (!(m > 0 && m < Infinity)) throw new FundingError("funding/bad-setting", `M is ${m}: it must be positive`);
  const view = byDonor(round);
  const rootsOfDonor = view.amounts.map(Math.sqrt);
  const rootsOfProject = round.amounts.map(Math.sqrt);
  const scenarios = weightings.map((weights) => ({
    roots: weights.map(Math.sqrt),
    factors: new Float64Array(round.donorNames.length),
    matching: new Float64Array(round.projectNames.length),
  }));
  const agreement = new Float64Array(round.donorNames.length);
  const met = new Uint32Array(round.donorNames.length);
  // Where the donors after i begin in each project: donors are visited in ascending order, as the projects list them.
  const after = round.starts.slice(0, -1);
  for (let i = 0; i < round.donorNames.length; i++) {
    const from = view.starts[i] as number;
    const to = view.starts[i + 1] as number;
    for (let own = from; own < to; own++) after[view.projects[own] as number]! += 1;
    if (i % step !== first) continue;
    let count = 0;
    for (let own = from; own < to; own++) {
      const p = view.projects[own] as number;
      const root = rootsOfDonor[own] as number;
      for (let e = after[p] as number; e < (round.starts[p + 1] as number); e++) {
        const j = round.donors[e] as number;
        const before = agreement[j] as number;
        if (before === 0) met[count++] = j;
        agreement[j] = before + root * (rootsOfProject[e] as number);
      }
    }
    for (const { roots, factors, matching } of scenarios) {
      const weight = roots[i] as number;
      if (weight === 0) continue;
      for (let at = 0; at < count; at++) {
        const j = met[at] as number;
        const both = weight * (roots[j] as number);
        factors[j] = (both * m) / (m + both * (agreement[j] as number));
      }
      for (let own = from; own < to; own++) {
        const p = view.projects[own] as number;
        let sum = 0;
        for (let e = after[p] as number; e < (round.starts[p + 1] as number); e++) {
          sum += (rootsOfProject[e] as number) * (factors[round.donors[e] as number] as number);
        }
        matching[p]! += (rootsOfDonor[own] as number) * sum;
      }
    }
    for (let at = 0; at < count; at++) agreement[met[at] as number] = 0;
  }
  return scenarios.map(({ matching }) => matching);
}
