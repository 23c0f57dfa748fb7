import { FundingError } from "./errors.js";

/** One donor's sum for one project, in units of the round's currency. */
export interface Donation {
  readonly donor: string;
  readonly project: string;
  /** Positive and finite. */
  readonly amount: number;
}

/**
 * The donations of a round as a sparse matrix c, donors by projects, in both orders. Entry e of the projects' order belongs to
 * donor `donors[e]` and is `amounts[e]`; project p owns entries `starts[p]` to `starts[p + 1]`, donors ascending.
 */
export interface Round {
  readonly donorNames: readonly string[];
  readonly projectNames: readonly string[];
  readonly starts: Uint32Array;
  readonly donors: Uint32Array;
  readonly amounts: Float64Array;
}

/**
 * Collects donations into a round: several of one donor to one project are one sum, names keep the order of their first
 * appearance. `projects` names projects that must be there even without donations.
 *
 * Throws `funding/bad-donation` for an amount that is not positive and finite.
 */
export function collectRound(donations: Iterable<Donation>, projects: readonly string[] = []): Round {
  const donorIds = new Map<string, number>();
  const projectIds = new Map<string, number>(projects.map((name, index) => [name, index]));
  const perProject: Map<number, number>[] = projects.map(() => new Map());
  for (const { donor, project, amount } of donations) {
    if (!(amount > 0 && amount < Infinity)) {
      throw new FundingError("funding/bad-donation", `the donation of ${donor} to ${project} is ${amount}: not a sum`);
    }
    const donorId = idOf(donorIds, donor);
    const projectId = idOf(projectIds, project);
    const sums = (perProject[projectId] ??= new Map());
    sums.set(donorId, (sums.get(donorId) ?? 0) + amount);
  }
  const starts = new Uint32Array(perProject.length + 1);
  perProject.forEach((sums, project) => (starts[project + 1] = (starts[project] as number) + sums.size));
  const entries = starts[perProject.length] as number;
  const round = { starts, donors: new Uint32Array(entries), amounts: new Float64Array(entries) };
  perProject.forEach((sums, project) => {
    let entry = starts[project] as number;
    for (const [donor, amount] of [...sums].sort(([a], [b]) => a - b)) {
      round.donors[entry] = donor;
      round.amounts[entry++] = amount;
    }
  });
  return { ...round, donorNames: [...donorIds.keys()], projectNames: [...projectIds.keys()] };
}

function idOf(ids: Map<string, number>, name: string): number {
  const known = ids.get(name);
  if (known !== undefined) return known;
  ids.set(name, ids.size);
  return ids.size - 1;
}

/** Every donation of a round, project after project. */
export function* donationsOf(round: Round): Generator<Donation> {
  for (const [p, project] of round.projectNames.entries()) {
    for (let e = round.starts[p] as number; e < (round.starts[p + 1] as number); e++) {
      const donor = round.donorNames[round.donors[e] as number] as string;
      yield { donor, project, amount: round.amounts[e] as number };
    }
  }
}

/** The round with each donor's donations multiplied by `weight` (0 removes them): passport weighting and squelching. */
export function weighDonors(round: Round, weight: (donor: string) => number): Round {
  const weights = round.donorNames.map((donor) => {
    const factor = weight(donor);
    if (!(factor >= 0 && factor < Infinity)) {
      throw new FundingError("funding/bad-setting", `the weight of ${donor} is ${factor}: not a finite factor from 0`);
    }
    return factor;
  });
  function* weighted(): Generator<Donation> {
    for (let p = 0; p < round.projectNames.length; p++) {
      for (let e = round.starts[p] as number; e < (round.starts[p + 1] as number); e++) {
        const donor = round.donors[e] as number;
        const amount = (round.amounts[e] as number) * (weights[donor] as number);
        const project = round.projectNames[p] as string;
        if (amount > 0) yield { donor: round.donorNames[donor] as string, project, amount };
      }
    }
  }
  return collectRound(weighted(), round.projectNames);
}

/** {@link weighDonors} with a weight for each donor by row. All donors and projects keep their rows, also where nothing is left. */
export function weighRows(round: Round, weights: Float64Array): Round {
  const starts = new Uint32Array(round.starts.length);
  const donors = new Uint32Array(round.donors.length);
  const amounts = new Float64Array(round.amounts.length);
  let kept = 0;
  for (let p = 0; p < round.projectNames.length; p++) {
    for (let e = round.starts[p] as number; e < (round.starts[p + 1] as number); e++) {
      const donor = round.donors[e] as number;
      const amount = (round.amounts[e] as number) * (weights[donor] as number);
      if (amount === 0) continue;
      donors[kept] = donor;
      amounts[kept++] = amount;
    }
    starts[p + 1] = kept;
  }
  return { ...round, starts, donors: donors.slice(0, kept), amounts: amounts.slice(0, kept) };
}

/** The same donations from the donors' side: donor d owns entries `starts[d]` to `starts[d + 1]`, projects ascending. */
export interface DonorView {
  readonly starts: Uint32Array;
  readonly projects: Uint32Array;
  readonly amounts: Float64Array;
}

export function byDonor(round: Round): DonorView {
  const starts = new Uint32Array(round.donorNames.length + 1);
  for (const donor of round.donors) starts[donor + 1] = (starts[donor + 1] as number) + 1;
  for (let d = 0; d < round.donorNames.length; d++) starts[d + 1] = (starts[d + 1] as number) + (starts[d] as number);
  const next = starts.slice();
  const view = {
    starts,
    projects: new Uint32Array(round.donors.length),
    amounts: new Float64Array(round.donors.length),
  };
  for (let p = 0; p < round.projectNames.length; p++) {
    for (let e = round.starts[p] as number; e < (round.starts[p + 1] as number); e++) {
      const donor = round.donors[e] as number;
      const at = next[donor] as number;
      next[donor] = at + 1;
      view.projects[at] = p;
      view.amounts[at] = round.amounts[e] as number;
    }
  }
  return view;
}
