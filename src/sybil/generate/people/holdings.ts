// Which stamps people hold, and since when.
import { DAY, type MadeAccount, type StampDates } from "../account.js";
import type { Random } from "../random.js";
import { SELF_STAKES, STAMP_MARKET, VOUCHED_STAMPS } from "../stamp-market.js";

/** How an account's owner comes to stamps. */
export interface Habits {
  /** Standard normal over people. */
  readonly activity: number;
  /** Whether the account is too young to have a history. */
  readonly newcomer: boolean;
  /** Whether its owner shows neither accounts nor friends. */
  readonly secretive: boolean;
}

/** Log-odds that habits take away from what a stamp shows. */
const NEWCOMER = { account: 0.2, social: 0.9, history: 2.6, identity: 0.3, stake: 1.2, funding: 3 } as const;
const SECRETIVE = { account: 2.4, social: 2.2, history: 0.6, identity: 1.2, stake: 0.4, funding: 0.2 } as const;
/** Share of stamps that ran out before the round closed: they are in the table, and count for nothing. */
const EXPIRED = 0.06;
const VALIDITY = 90 * DAY;

export function collectStamps(
  account: MadeAccount,
  { activity, newcomer, secretive }: Habits,
  closedAt: number,
  random: Random,
): void {
  for (const { providers, held, activity: slope, shows } of STAMP_MARKET) {
    const shift = slope * activity - (newcomer ? NEWCOMER[shows] : 0) - (secretive ? SECRETIVE[shows] : 0);
    // One draw for the whole ladder: whoever has the later step has the earlier ones.
    const draw = random.next();
    const dates = honestDates(closedAt, random);
    for (const [at, provider] of providers.entries()) {
      const odds = Math.exp(Math.log((held[at] as number) / (1 - (held[at] as number))) + shift);
      if (draw < odds / (1 + odds)) account.stamps.set(provider, dates);
    }
  }
  const most = SELF_STAKES.findLast(([provider]) => account.stamps.has(provider));
  if (most !== undefined) account.stake = most[1] + random.whole(0, most[1]);
}

function honestDates(closedAt: number, random: Random): StampDates {
  const age = random.chance(EXPIRED) ? random.between(91, 200) : random.between(0.5, 88);
  const issued = closedAt - Math.round(age * DAY);
  return { issued, expires: issued + VALIDITY };
}

/** Dates of a stamp that was issued `days` before the round closed. */
export function datesFrom(days: number, closedAt: number, validity = VALIDITY): StampDates {
  const issued = closedAt - Math.round(days * DAY);
  return { issued, expires: issued + validity };
}

/** What others' stakes on an account are worth in stamps. */
export function addVouchedStamps(account: MadeAccount, amounts: readonly number[], dates: StampDates): void {
  for (const [provider, voices, least] of VOUCHED_STAMPS) {
    if (amounts.filter((amount) => amount >= least).length >= voices) account.stamps.set(provider, dates);
  }
}
