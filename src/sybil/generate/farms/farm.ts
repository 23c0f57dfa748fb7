// Plants one farm.
import type { ScorerRules } from "../../../scoring/rules/scorer-rules.js";
import { blankAccount, DAY, type MadeAccount, type MadeVouch } from "../account.js";
import { nameSeries, personName, spacedNames } from "../names.js";
import { personalGift } from "../people/donations.js";
import type { People } from "../people/people.js";
import { chooseProjects, ROUND_GIFTS, type Projects } from "../projects.js";
import type { Random } from "../random.js";
import { addStamps, cheapestToPass, fewCheapStamps, rentedStamps } from "./stamps.js";
import { spacedCopy, type Gifts } from "./template.js";
import { FARM_TRAITS, type FarmPlan, type FarmTraits } from "./traits.js";
import { vouchWithin } from "./vouches.js";

/** Where a farm is planted. */
export interface FarmGround {
  readonly projects: Projects;
  readonly people: People;
  readonly closedAt: number;
  /** What farmers who want to pass have read. */
  readonly rules: ScorerRules;
}

export interface Farm {
  readonly id: string;
  readonly plan: FarmPlan;
  /** Positions of the projects that it is for. */
  readonly targets: readonly number[];
  readonly accounts: readonly MadeAccount[];
  readonly vouches: readonly MadeVouch[];
}

export function plantFarm(id: string, plan: FarmPlan, ground: FarmGround, random: Random): Farm {
  const traits = { ...FARM_TRAITS[plan.kind][plan.adaptive ? "adaptive" : "plain"], ...plan.traits };
  const accounts = Array.from({ length: plan.accounts }, () => blankAccount("sybil", id));
  nameAll(accounts, traits, random.part("names"));
  makeHistory(accounts, traits, ground, random.part("history"));
  const targets = chooseTargets(ground.projects, random.part("targets"));
  donateAll(accounts, targets, traits, ground.projects, random.part("donations"));
  stampAll(accounts, traits, ground, random.part("stamps"));
  const vouches = vouchWithin(accounts, ground.people.accounts, traits, ground.closedAt, random.part("vouches"));
  return { id, plan, targets, accounts, vouches };
}

function nameAll(accounts: readonly MadeAccount[], { names }: FarmTraits, random: Random): void {
  const made =
    names === "series"
      ? nameSeries(accounts.length, random)
      : names === "spaced"
        ? spacedNames(accounts.length, 2, random)
        : accounts.map(() => (random.chance(0.15) ? undefined : personName(random)));
  accounts.forEach((account, at) => (account.name = made[at]));
}

function makeHistory(
  accounts: readonly MadeAccount[],
  traits: FarmTraits,
  { people, closedAt }: FarmGround,
  random: Random,
) {
  const first = closedAt - Math.round(random.between(...traits.age) * DAY);
  const latest = closedAt - DAY;
  let [funder, origin] = ["", ""];
  accounts.forEach((account, at) => {
    account.created = Math.min(latest, first + Math.round(random.between(0, traits.madeWithin) * DAY));
    account.transactions = random.whole(...traits.transactions);
    if (traits.fundedTogether > 1) {
      if (at % traits.fundedTogether === 0) funder = random.id(12);
      account.funder = funder;
    } else account.funder = random.chance(0.7) ? random.pick(people.exchanges) : random.id(12);
    account.origins = Array.from({ length: random.whole(...traits.ownOrigins) }, () => random.id(8));
    if (traits.seenTogether > 1) {
      if (at % traits.seenTogether === 0) origin = random.id(8);
      account.origins.push(origin);
    }
  });
}

/** One project or two that few people know: those of the less popular half. */
function chooseTargets({ popularity }: Projects, random: Random): number[] {
  const order = popularity.map((_, at) => at).sort((a, b) => (popularity[b] as number) - (popularity[a] as number));
  const unknown = order.slice(Math.floor(order.length / 2));
  return random.shuffled(unknown).slice(0, random.whole(1, 2));
}

function donateAll(
  accounts: readonly MadeAccount[],
  targets: readonly number[],
  traits: FarmTraits,
  { popularity }: Projects,
  random: Random,
): void {
  const gift = random.pick(ROUND_GIFTS);
  const others = popularity.map((weight, at) => (targets.includes(at) ? 0 : weight));
  const template = chooseProjects(random.whole(...traits.camouflage), others, random);
  const earlier: Gifts[] = [];
  for (const account of accounts) {
    const usual = traits.sameGift ? gift : personalGift(random);
    let projects = [...targets, ...template];
    if (traits.donations === "own") {
      projects = [...targets, ...chooseProjects(random.whole(...traits.camouflage), others, random)];
    } else if (traits.leastDistance >= 0) {
      const totalOf = (list: readonly number[]) => list.length * usual;
      const copy = spacedCopy(projects, targets, popularity, earlier, traits.leastDistance, totalOf, random);
      earlier.push(copy);
      projects = [...copy.projects];
    }
    for (const project of projects) account.gifts.set(project, usual);
  }
}

function stampAll(
  accounts: readonly MadeAccount[],
  traits: FarmTraits,
  { rules, closedAt }: FarmGround,
  random: Random,
): void {
  for (const account of accounts) {
    const stamps = fewCheapStamps(random);
    if (random.chance(traits.passing)) stamps.push(...(cheapestToPass(rules, random) ?? []));
    stamps.push(...rentedStamps(random.whole(...traits.rented), random));
    addStamps(account, stamps, traits.stampedWithin, closedAt, random);
  }
}
