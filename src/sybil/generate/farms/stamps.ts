// Stamps that farms buy and rent.
import type { ScorerRules } from "../../../scoring/rules/scorer-rules.js";
import { cheapestPass } from "../../cost/cost-to-pass.js";
import { costOfForgery } from "../../cost/stamp-costs.js";
import type { MadeAccount } from "../account.js";
import { datesFrom } from "../people/holdings.js";
import type { Random } from "../random.js";
import { INVENTED_PRICES, SELF_STAKES, STAMP_MARKET } from "../stamp-market.js";

/** Dollars up to which a stamp is bought without thinking. */
const CHEAP = 12;
/** Farmers do not all pay the same: deviation of the logarithm of a price. */
const HAGGLING = 0.25;
/** The market is searched on a grid of a hundredth of a point: near enough to the cheapest, and a thousand times within a moment. */
const GRID = 100;

const CHEAP_STAMPS = INVENTED_PRICES.filter((cost) => costOfForgery(cost) <= CHEAP).map(({ stamp }) => stamp);
const IDENTITY = STAMP_MARKET.filter(({ shows }) => shows === "identity").map(
  ({ providers }) => providers[0] as string,
);
/** What holding the step of a ladder takes. */
const WITH_EARLIER = new Map(
  STAMP_MARKET.flatMap(({ providers }) => providers.map((name, at) => [name, providers.slice(0, at + 1)] as const)),
);

/** A few stamps that cost little. */
export const fewCheapStamps = (random: Random): string[] => random.shuffled(CHEAP_STAMPS).slice(0, random.whole(0, 5));

/** A stamp of a document or a face, most often one that passes by itself. */
export function rentedStamps(wanted: number, random: Random): string[] {
  const strong = ["HolonymGovIdProvider", "CoinbaseDualVerification", "BinanceBABT"];
  return [random.pick(strong), ...random.shuffled(IDENTITY)].slice(0, wanted);
}

/**
 * The cheapest stamps whose weights reach the threshold, at one farmer's prices; undefined where none do. Farmers read weights
 * and threshold; gates and caps they run into.
 */
export function cheapestToPass(rules: ScorerRules, random: Random): string[] | undefined {
  const stamps = INVENTED_PRICES.flatMap((cost) => {
    const price = costOfForgery(cost) * random.logNormal(1, HAGGLING);
    const points = Math.floor((rules.weights.get(cost.stamp) ?? 0) / GRID);
    return points === 0 ? [] : [{ stamp: cost.stamp, points, cost: price }];
  });
  return cheapestPass(stamps, { threshold: Math.ceil(rules.threshold / GRID) })?.stamps.slice();
}

/** Gives an account stamps, and the earlier steps that they take. */
export function addStamps(
  account: MadeAccount,
  stamps: readonly string[],
  within: number,
  closedAt: number,
  random: Random,
): void {
  for (const stamp of stamps) {
    const dates = datesFrom(random.between(0.1, within), closedAt);
    for (const step of WITH_EARLIER.get(stamp) ?? [stamp])
      if (!account.stamps.has(step)) account.stamps.set(step, dates);
  }
  const most = SELF_STAKES.findLast(([provider]) => account.stamps.has(provider));
  if (most !== undefined) account.stake = most[1];
}
