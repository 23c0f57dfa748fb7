// Whether a farm pays (sybil.md, 5): the cost of accounts against what they gain, and the stake that would do instead.
import { SybilError } from "../errors.js";

export interface Spread {
  readonly count: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** Median and quartiles, interpolated between values (Hyndman and Fan's type 7). Throws `sybil/bad-setting` for no values. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new SybilError("sybil/bad-setting", "a group without accounts has no median");
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] as number;
    return below + (place % 1) * ((sorted[Math.ceil(place)] as number) - below);
  };
  return { count: sorted.length, lower: at(0.25), median: at(0.5), upper: at(0.75) };
}

/** Dollars that the stamps of an account cost; stamps without a price are named. */
export function accountCost(stamps: Iterable<string>, costs: ReadonlyMap<string, number>) {
  let cost = 0;
  const unpriced: string[] = [];
  for (const stamp of new Set(stamps)) {
    const price = costs.get(stamp);
    if (price === undefined) unpriced.push(stamp);
    else cost += price;
  }
  return { cost, unpriced };
}

/** What a flagged account that passed has cost on average; undefined when none passed. */
export function costPerFraud(
  accounts: readonly { readonly cost: number; readonly flagged: boolean; readonly passed: boolean }[],
): number | undefined {
  const through = accounts.filter(({ flagged, passed }) => flagged && passed);
  if (through.length === 0) return undefined;
  return through.reduce((sum, { cost }) => sum + cost, 0) / through.length;
}

/** The largest number of accounts, up to `most`, whose matching together is above what they cost; 0 when none pays. */
export function largestProfitable(matchingOf: (accounts: number) => number, costToPass: number, most: number): number {
  for (let accounts = most; accounts > 0; accounts--) {
    if (matchingOf(accounts) > accounts * costToPass) return accounts;
  }
  return 0;
}

export interface StakeTerms {
  /** Cost of capital a year, as a share. */
  readonly rate: number;
  readonly years: number;
  readonly slashProbability: number;
  readonly slashShare: number;
}

/**
 * The smallest stake whose expected cost is what an account gains:
 * stake · (rate · years + P(slash) · share) = gain. Throws `sybil/bad-setting` when staking costs nothing.
 */
export function leastStake(gain: number, { rate, years, slashProbability, slashShare }: StakeTerms): number {
  const shares = [slashProbability, slashShare];
  if (!(gain >= 0 && rate >= 0 && years >= 0) || shares.some((share) => !(share >= 0 && share <= 1))) {
    throw new SybilError("sybil/bad-setting", "gain, rate and years are from 0, probability and share from 0 to 1");
  }
  const costShare = rate * years + slashProbability * slashShare;
  if (costShare === 0) throw new SybilError("sybil/bad-setting", "a stake that costs nothing replaces no evidence");
  return gain / costShare;
}
