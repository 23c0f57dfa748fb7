// Whether a farm would have paid in this round (sybil.md, 5): n accounts that pass and give the same sum to a project of the farmer's,
// who gets the donations back and the matching on top.
import type { ComparedRule } from "../../funding/compare.js";
import { largestProfitable } from "./economics.js";

export interface FarmMarket {
  readonly pool: number;
  /** A project's largest share of the pool. */
  readonly cap: number;
  /** The sum of all projects' matching before it was cut to the pool, without the farm. */
  readonly figures: number;
  /** What each account of the farm gives. */
  readonly donation: number;
  /** Pairwise: the constant M. */
  readonly m: number;
}

export interface FarmProfit {
  /** The largest farm that still pays; 0 where none does. */
  readonly largest: number;
  /** The farm that earns most, and what. */
  readonly best: number;
  readonly profit: number;
  /** What an account brings at most, over all sizes of the farm. */
  readonly gainPerAccount: number;
  /** What farms of some sizes earn, ascending by size. */
  readonly curve: readonly { readonly accounts: number; readonly profit: number }[];
}

/** Sizes that a curve shows: about even on a logarithmic scale. */
const SIZES = [...new Set(Array.from({ length: 69 }, (_, at) => Math.round(2 * 10 ** (at / 20))))];

/** Farms are not looked at beyond as many accounts. */
const MOST_ACCOUNTS = 100_000;

/** Matching of n accounts that give d each to one project, before it is cut to the pool. */
export const FARM_FIGURES: Readonly<Record<ComparedRule, (n: number, d: number, m: number) => number>> = {
  standard: (n, d) => n * (n - 1) * d,
  pairwise: (n, d, m) => (((n * (n - 1)) / 2) * d * m) / (m + d),
  // All have one donation profile, and are one cluster where the analysis finds them.
  "donation-profiles": () => 0,
  cocm: () => 0,
};

/** What a farm earns under a rule when each of its accounts costs `costToPass`. */
export function farmProfit(rule: ComparedRule, market: FarmMarket, costToPass: number): FarmProfit {
  const { pool, cap, figures, donation, m } = market;
  const matchingOf = (accounts: number) => {
    const figure = FARM_FIGURES[rule](accounts, donation, m);
    return figure === 0 ? 0 : pool * Math.min(cap, figure / (figures + figure));
  };
  // Beyond it, the whole share of the pool does not pay for the accounts.
  const most = costToPass > 0 ? Math.min(MOST_ACCOUNTS, Math.ceil((pool * cap) / costToPass)) : MOST_ACCOUNTS;
  let [best, profit, gainPerAccount] = [0, 0, 0];
  for (let accounts = 1; accounts <= MOST_ACCOUNTS; accounts++) {
    const matching = matchingOf(accounts);
    gainPerAccount = Math.max(gainPerAccount, matching / accounts);
    if (matching - accounts * costToPass > profit) {
      [best, profit] = [accounts, matching - accounts * costToPass];
    }
  }
  const largest = largestProfitable(matchingOf, costToPass, most);
  const curve = SIZES.map((accounts) => ({ accounts, profit: matchingOf(accounts) - accounts * costToPass }));
  return { largest, best, profit, gainPerAccount, curve };
}
