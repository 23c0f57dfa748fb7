// The people of a generated round. They differ in activity, and some of them look like farms without being one: newcomers, people who
// show nothing, copies of a popular list, families behind one address, names that are alike by chance.
import { blankAccount, DAY, type MadeAccount, type MadeVouch } from "../account.js";
import { personName, similarName } from "../names.js";
import type { Projects } from "../projects.js";
import type { Random } from "../random.js";
import { giveByList, giveByTaste } from "./donations.js";
import { addVouchedStamps, collectStamps, datesFrom, type Habits } from "./holdings.js";

/** Shares of people. */
export interface PeopleSettings {
  /** Whose account is younger than sixty days. */
  readonly newcomers: number;
  /** Who show neither name nor accounts. */
  readonly secretive: number;
  /** Who give to a list that got around, exactly as it is. */
  readonly copyLists: number;
  /** Who share an address with others of their household. */
  readonly families: number;
  /** Whose name is one edit from another person's. */
  readonly similarNames: number;
  /** Who vouch for people they know. */
  readonly vouch: number;
}

export const PEOPLE: PeopleSettings = {
  newcomers: 0.12,
  secretive: 0.08,
  copyLists: 0.2,
  families: 0.06,
  similarNames: 0.04,
  vouch: 0.08,
};

/** Exchanges send the first funds of most accounts: sharing one with hundreds means nothing. */
const EXCHANGES = 8;

export interface People {
  readonly accounts: readonly MadeAccount[];
  readonly vouches: readonly MadeVouch[];
  readonly exchanges: readonly string[];
}

export function makePeople(
  count: number,
  projects: Projects,
  closedAt: number,
  settings: PeopleSettings,
  random: Random,
): People {
  const exchanges = Array.from({ length: EXCHANGES }, () => random.id(12));
  const accounts: MadeAccount[] = [];
  const habits: Habits[] = [];
  for (let at = 0; at < count; at++) {
    const own = random.part(at);
    const newcomer = own.chance(settings.newcomers);
    const habit = { activity: own.normal(), newcomer, secretive: own.chance(settings.secretive) };
    habits.push(habit);
    accounts.push(makePerson(habit, projects, closedAt, settings, exchanges, own));
  }
  nameAlike(accounts, settings.similarNames, random.part("names"));
  shareHouseholds(accounts, settings.families, random.part("families"));
  ownProjects(accounts, habits, projects, random.part("owners"));
  const vouches = vouchForFriends(accounts, habits, settings.vouch, closedAt, random.part("vouches"));
  return { accounts, vouches, exchanges };
}

function makePerson(
  habits: Habits,
  projects: Projects,
  closedAt: number,
  settings: PeopleSettings,
  exchanges: readonly string[],
  random: Random,
): MadeAccount {
  const { activity, newcomer, secretive } = habits;
  const account = blankAccount(newcomer ? "newcomer" : "human");
  if (!secretive && !random.chance(newcomer ? 0.2 : 0.06)) account.name = personName(random);
  if (!random.chance(secretive ? 0.5 : 0.04)) {
    const days = newcomer ? random.between(1, 60) : 60 + random.logNormal(600 * Math.exp(0.4 * activity), 0.8);
    account.created = closedAt - Math.round(Math.min(days, 3_600) * DAY);
    const sent = newcomer ? random.logNormal(6, 0.9) : random.logNormal(80 * Math.exp(0.8 * activity), 1);
    account.transactions = 1 + Math.floor(sent);
  }
  const funded = random.next();
  if (funded < 0.6) account.funder = exchanges[random.weighted(exchanges.map((_, at) => 1 / (at + 1)))] as string;
  else if (funded < 0.85) account.funder = random.id(12);
  if (!secretive) account.origins = Array.from({ length: random.weighted([0, 5, 4, 3, 2, 1]) }, () => random.id(8));
  collectStamps(account, habits, closedAt, random);
  if (random.chance(settings.copyLists)) giveByList(account, projects, random);
  else giveByTaste(account, projects, newcomer ? activity - 2 : activity, random);
  return account;
}

function nameAlike(accounts: readonly MadeAccount[], share: number, random: Random): void {
  const named = accounts.filter(({ name }) => name !== undefined);
  for (const account of named) {
    if (random.chance(share)) account.name = similarName(random.pick(named).name as string, random);
  }
}

/** Two to four people behind one address; often the first funds of the others came from one of them. */
function shareHouseholds(accounts: readonly MadeAccount[], share: number, random: Random): void {
  const order = random.shuffled(accounts);
  let left = Math.round(share * accounts.length);
  while (left >= 2 && order.length >= 2) {
    const members = order.splice(0, Math.min(left, random.whole(2, 4)));
    left -= members.length;
    const [origin, funder] = [random.id(8), random.id(12)];
    const helped = random.chance(0.4);
    for (const member of members) {
      member.origins.push(origin);
      if (helped) member.funder = funder;
    }
  }
}

/** One active person behind most projects. */
function ownProjects(accounts: readonly MadeAccount[], habits: readonly Habits[], projects: Projects, random: Random) {
  const active = accounts.filter((_, at) => (habits[at]?.activity ?? 0) > 0.5);
  for (const owner of random.shuffled(active).slice(0, Math.round(0.6 * projects.names.length))) owner.owner = true;
}

/** Active people vouch for one to three others, who seldom vouch back. */
function vouchForFriends(
  accounts: readonly MadeAccount[],
  habits: readonly Habits[],
  share: number,
  closedAt: number,
  random: Random,
): MadeVouch[] {
  const vouches: MadeVouch[] = [];
  const circle = random.shuffled(accounts.filter((_, at) => !(habits[at]?.newcomer ?? true)));
  circle.length = Math.min(circle.length, Math.round(2 * share * accounts.length));
  if (circle.length < 2) return [];
  const received = new Map<MadeAccount, number[]>();
  for (const from of circle) {
    if (!random.chance(0.5)) continue;
    const friends = new Set(Array.from({ length: random.whole(1, 3) }, () => random.pick(circle)));
    friends.delete(from);
    for (const to of friends) {
      const amount = random.pick([5, 5, 10, 20]);
      vouches.push({ from, to, amount });
      received.set(to, [...(received.get(to) ?? []), amount]);
    }
  }
  for (const [account, amounts] of received) {
    addVouchedStamps(account, amounts, datesFrom(random.between(1, 80), closedAt));
  }
  return vouches;
}
