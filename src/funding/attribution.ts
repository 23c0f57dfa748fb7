import { standardMatching } from "./rules/standard.js";
import { byDonor, type Round } from "./round.js";

/**
 * What of the payouts each donor's donations brought in, under the standard rule: (Σ √c)² − Σ c is Σ_i √c_i (Σ √c − √c_i), so that
 * each summand is one donor's share of a project, and the shares of all donors add up to the payouts. Payouts of projects without
 * matching belong to nobody.
 */
export function matchedPerDonor(round: Round, payouts: Float64Array): Float64Array {
  const figures = standardMatching(round);
  const view = byDonor(round);
  const roots = new Float64Array(round.projectNames.length);
  view.projects.forEach((p, own) => (roots[p]! += Math.sqrt(view.amounts[own] as number)));
  return Float64Array.from(round.donorNames, (_, donor) => {
    let sum = 0;
    for (let own = view.starts[donor] as number; own < (view.starts[donor + 1] as number); own++) {
      const p = view.projects[own] as number;
      const payout = payouts[p] as number;
      if (payout === 0) continue;
      const root = Math.sqrt(view.amounts[own] as number);
      sum += (payout * root * ((roots[p] as number) - root)) / (figures[p] as number);
    }
    return sum;
  });
}
