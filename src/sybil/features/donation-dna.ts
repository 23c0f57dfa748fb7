// Donors of a round as fingerprints (sybil.md, 2.1): a bit per grant, and bits that say how much was given in all.
import { byDonor, type Round } from "../../funding/round.js";
import type { TokenSets } from "../dna/fingerprints.js";

/** The published bands, in the donations' units: a bit is set above each of them. */
export const AMOUNT_BANDS: readonly number[] = Array.from({ length: 12 }, (_, power) => 2 ** power);

export interface DonationDna extends TokenSets {
  /** Bits of each donor that are grants. */
  readonly grants: Uint32Array;
}

/** The fingerprints of a round's donors, in their order. */
export function donationDna(round: Round): DonationDna {
  const view = byDonor(round);
  const donors = round.donorNames.length;
  const projects = round.projectNames.length;
  const starts = new Uint32Array(donors + 1);
  const grants = new Uint32Array(donors);
  const tokens: number[] = [];
  for (let donor = 0; donor < donors; donor++) {
    const [from, to] = [view.starts[donor] as number, view.starts[donor + 1] as number];
    for (let at = from; at < to; at++) tokens.push(view.projects[at] as number);
    grants[donor] = to - from;
    // Summed smallest first: a total at the edge of a band must not depend on the order of the file.
    const total = view.amounts
      .slice(from, to)
      .sort()
      .reduce((sum, amount) => sum + amount, 0);
    if (total === 0) tokens.push(projects);
    AMOUNT_BANDS.forEach((band, at) => {
      if (total > band) tokens.push(projects + 1 + at);
    });
    starts[donor + 1] = tokens.length;
  }
  return { starts, tokens: Uint32Array.from(tokens), tokenCount: projects + 1 + AMOUNT_BANDS.length, grants };
}
