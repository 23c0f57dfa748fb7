import { byDonor, type Round } from "../round.js";
import { eachProject } from "./standard.js";

/** Number of each donor's profile: donors who gave to the same set of projects have the same one. */
export function donationProfiles(round: Round): { readonly profiles: Uint32Array; readonly count: number } {
  const { starts, projects } = byDonor(round);
  const known = new Map<string, number>();
  const profiles = Uint32Array.from(round.donorNames, (_, donor) => {
    const key = projects.subarray(starts[donor], starts[donor + 1]).join();
    const profile = known.get(key) ?? known.size;
    known.set(key, profile);
    return profile;
  });
  return { profiles, count: known.size };
}

/**
 * Donation-profile cluster match (Miller, Weyl, Erichsen 2022): a group of donors with the same set of projects counts as one
 * donor, (Σ_g √(Σ_{i in g} c_ip))² − Σ_i c_ip.
 */
export function donationProfileMatching(round: Round): Float64Array {
  const { profiles, count } = donationProfiles(round);
  const sums = new Float64Array(count);
  return eachProject(round, (from, to) => {
    let total = 0;
    for (let e = from; e < to; e++) {
      const profile = profiles[round.donors[e] as number] as number;
      sums[profile] = (sums[profile] as number) + (round.amounts[e] as number);
      total += round.amounts[e] as number;
    }
    let roots = 0;
    for (let e = from; e < to; e++) {
      const profile = profiles[round.donors[e] as number] as number;
      roots += Math.sqrt(sums[profile] as number);
      sums[profile] = 0; // the second donor of a profile adds nothing, and the next project begins at zero
    }
    return roots * roots - total;
  });
}
