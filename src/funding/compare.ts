// One round under several rules, with and without its defences: what each project gets in each case.
import { capPayouts, sharePool } from "./pool.js";
import { weighRows, type Round } from "./round.js";
import { disjointClusterMatching } from "./rules/disjoint-clusters.js";
import { donationProfileMatching } from "./rules/donation-profiles.js";
import { pairwiseInThreads } from "./rules/pairwise-threads.js";
import { eachProject, standardMatching } from "./rules/standard.js";
import { countFlagged, taxProjects, type TaxSettings } from "./tax.js";

export const COMPARED_RULES = ["standard", "pairwise", "donation-profiles", "cocm"] as const;
export type ComparedRule = (typeof COMPARED_RULES)[number];

/** Relative error of a sum of roots squared, with room to spare. */
const ROUNDING = 1e-12;

export interface Defences {
  /** What each donor's donations count by their passport, 0 to 1; undefined where there were no passports. */
  readonly influence: Float64Array | undefined;
  /** 1 for each donor that is squelched. */
  readonly flagged: Uint8Array;
  /** The cluster of each donor, or -1. */
  readonly clusterOf: Int32Array;
  readonly pool: number;
  /** A project's largest share of the pool. */
  readonly cap: number;
  readonly tax: TaxSettings;
  /** Pairwise: what a pair can add at most. */
  readonly m: number;
}

/** Payouts of each project under one rule. */
export interface ComparedPayouts {
  readonly rule: ComparedRule;
  /** The sum of the raw matching before it was cut to the pool. */
  readonly figures: number;
  readonly raw: Float64Array;
  /** Absent where there were no passports. */
  readonly weighted: Float64Array | undefined;
  readonly squelched: Float64Array;
  /** After squelching: what each project is taxed, and what it gets in the end. */
  readonly taxes: Float64Array;
  readonly taxed: Float64Array;
  /** Tax that no project could get. */
  readonly toNextPool: number;
}

/** How many flagged donors each project attracted: see {@link countFlagged}. */
export interface ProjectDonors {
  readonly flagged: Float64Array;
  readonly others: Float64Array;
}

/** Matches the round by every rule, raw, weighted by passport, squelched, and squelched and taxed. */
export async function comparePayouts(
  round: Round,
  defences: Defences,
  threads: number,
  progress = (_done: number, _total: number) => {},
): Promise<{ readonly rules: ComparedPayouts[]; readonly donors: ProjectDonors }> {
  const { influence, flagged, pool, cap, tax } = defences;
  const everybody = new Float64Array(round.donorNames.length).fill(1);
  const others = Float64Array.from(flagged, (flag) => 1 - flag);
  const weightings = [everybody, others, ...(influence === undefined ? [] : [influence])];
  const matching: Record<ComparedRule, Float64Array[]> = {
    standard: [],
    "donation-profiles": [],
    cocm: [],
    pairwise: await pairwiseInThreads(round, defences.m, weightings, threads, progress),
  };
  for (const weights of weightings) {
    const left = weighRows(round, weights);
    matching.standard.push(standardMatching(left));
    matching["donation-profiles"].push(donationProfileMatching(left));
    matching.cocm.push(disjointClusterMatching(left, defences.clusterOf));
  }
  // A project with one donor has no matching. Rounding leaves a trace of it, above or below 0, which would be paid where nobody has more.
  const given = eachProject(round, (from, to) =>
    round.amounts.subarray(from, to).reduce((sum, amount) => sum + amount, 0),
  );
  const exact = (figure: number, p: number) => (figure > ROUNDING * (given[p] as number) ? figure : 0);
  const squelched = new Set(round.donorNames.filter((_, row) => flagged[row] === 1));
  const counted = countFlagged(round, squelched);
  const rules = COMPARED_RULES.map((rule): ComparedPayouts => {
    const paid = matching[rule].map((figures) => capPayouts(sharePool(figures.map(exact), pool), cap));
    const [raw, after, weighted] = paid as [Float64Array, Float64Array, Float64Array | undefined];
    const taxed = taxProjects(
      counted.map((project, p) => ({ ...project, matching: after[p] as number })),
      tax,
    );
    return {
      rule,
      figures: (matching[rule][0] as Float64Array).map(exact).reduce((sum, figure) => sum + figure, 0),
      raw,
      weighted,
      squelched: after,
      taxes: Float64Array.from(taxed.taxes),
      taxed: Float64Array.from(taxed.payouts),
      toNextPool: taxed.toNextPool,
    };
  });
  const count = (of: (project: (typeof counted)[number]) => number) => Float64Array.from(counted, of);
  return {
    rules,
    donors: { flagged: count((project) => project.flagged), others: count((project) => project.others) },
  };
}
