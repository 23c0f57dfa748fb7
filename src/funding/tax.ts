// What projects pay that attract accounts flagged as Sybils, and who gets it (sybil.md, 7.5).
import { FundingError } from "./errors.js";
import { standardMatching } from "./rules/standard.js";
import { weighDonors, type Round } from "./round.js";

export interface TaxSettings {
  /** The share of the matching that is taken for as many flagged donors as others. */
  readonly k: number;
  /** The largest share that is taken, below 1. */
  readonly cap: number;
}

export const DEFAULT_TAX: TaxSettings = { k: 0.5, cap: 0.25 };

export interface TaxedProject {
  /** Matching after squelching. */
  readonly matching: number;
  /** Donors who are flagged, and the others. */
  readonly flagged: number;
  readonly others: number;
  /** The most that is taken, where there is a limit: see {@link countFlagged}. */
  readonly limit?: number;
}

export interface TaxResult {
  readonly taxes: number[];
  /** What each project keeps and gets from the others' tax. */
  readonly payouts: number[];
  /** Tax that no other project can get, because none keeps anything. */
  readonly toNextPool: number;
}

/** A project of a round, with its name. */
export interface CountedProject extends TaxedProject {
  readonly project: string;
  readonly limit: number;
}

/**
 * What each project of a round is taxed on: its standard matching without the flagged donors, and how many of them gave to it.
 *
 * An attacker may give to a rival from flagged accounts. So a flagged donor counts only where the project's matching would be
 * lower without them, and the tax is never above what flagged donors gave to the project, which it keeps: who gives to a rival
 * to have it taxed pays at least what the rival loses, and gets no more than that back through a project of their own.
 */
export function countFlagged(round: Round, flagged: ReadonlySet<string>): CountedProject[] {
  const matching = standardMatching(weighDonors(round, (donor) => (flagged.has(donor) ? 0 : 1)));
  return round.projectNames.map((project, p) => {
    const [from, to] = [round.starts[p] as number, round.starts[p + 1] as number];
    let [count, others, limit] = [0, 0, 0];
    for (let e = from; e < to; e++) {
      if (!flagged.has(round.donorNames[round.donors[e] as number] as string)) others += 1;
      // Without the donor, 2 · √c times the roots of all others are gone: nothing when there is no other.
      else if (to - from > 1) {
        count += 1;
        limit += round.amounts[e] as number;
      }
    }
    return { project, matching: Math.max(0, matching[p] as number), flagged: count, others, limit };
  });
}

/**
 * Takes `matching · min(cap, k · flagged / others)` from each project (the cap where nobody else gave; at most its limit), and shares each project's
 * tax among the other projects in proportion to what they keep. Payouts and `toNextPool` sum to the matching.
 */
export function taxProjects(projects: readonly TaxedProject[], { k, cap }: TaxSettings = DEFAULT_TAX): TaxResult {
  if (!(k >= 0 && k < Infinity)) throw new FundingError("funding/bad-setting", `the tax factor is ${k}`);
  if (!(cap >= 0 && cap < 1)) throw new FundingError("funding/bad-setting", `the tax cap is ${cap}: from 0, below 1`);
  const taxes = projects.map(({ matching, flagged, others, limit = Infinity }) => {
    if (flagged === 0) return 0;
    return Math.min(limit, matching * (others === 0 ? cap : Math.min(cap, (k * flagged) / others)));
  });
  const kept = projects.map(({ matching }, p) => matching - (taxes[p] as number));
  // Project p gets tax_q · kept_p / (what the projects other than q keep), of every other q.
  const othersKeep = sumsOfOthers(kept);
  const rates = taxes.map((tax, q) => ((othersKeep[q] as number) > 0 ? tax / (othersKeep[q] as number) : 0));
  const othersRates = sumsOfOthers(rates);
  const payouts = kept.map((part, p) => part + part * (othersRates[p] as number));
  const toNextPool = taxes.reduce((sum, tax, q) => sum + ((othersKeep[q] as number) > 0 ? 0 : tax), 0);
  return { taxes, payouts, toNextPool };
}

/** For each position the sum of all other values, added up and not subtracted: a small rest beside a large value stays exact. */
function sumsOfOthers(values: readonly number[]): number[] {
  const after = [...values, 0];
  for (let p = values.length - 1; p >= 0; p--) after[p] = (values[p] as number) + (after[p + 1] as number);
  let before = 0;
  return values.map((value, p) => {
    const others = before + (after[p + 1] as number);
    before += value;
    return others;
  });
}
