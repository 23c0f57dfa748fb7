// What people give, and to what.
import type { MadeAccount } from "../account.js";
import { CAUSES, chooseProjects, ROUND_GIFTS, type Projects } from "../projects.js";
import type { Random } from "../random.js";

/** How much more often somebody gives to projects of a cause of theirs. */
const OWN_CAUSE = 6;

/** Gives to projects that the account's owner chose: a heavy-tailed number of them, those of one or two causes more often. */
export function giveByTaste(account: MadeAccount, projects: Projects, activity: number, random: Random): void {
  const own = [random.whole(0, CAUSES - 1), random.whole(0, CAUSES - 1)];
  const weights = projects.popularity.map(
    (popularity, at) => popularity * (own.includes(projects.causes[at] as number) ? OWN_CAUSE : 1),
  );
  // The published round's donors give to 6 projects in the middle, a tenth of them to 1, a twentieth to 26 and more.
  const wanted = Math.round(random.logNormal(5 * Math.exp(0.2 * activity), 0.95));
  const most = Math.ceil(0.8 * weights.length);
  const chosen = chooseProjects(Math.max(1, Math.min(most, wanted)), weights, random);
  const usual = random.chance(0.6) ? random.pick(ROUND_GIFTS) : undefined;
  for (const project of chosen) account.gifts.set(project, usual ?? personalGift(random));
}

/** Gives to a list that got around, exactly as it is. */
export function giveByList(account: MadeAccount, projects: Projects, random: Random): void {
  const list = random.pick(projects.lists);
  for (const project of list.projects) account.gifts.set(project, list.cents);
}

/** Cents; log-normal around 3 dollars. */
export const personalGift = (random: Random): number => Math.max(10, Math.round(random.logNormal(300, 1.2)));
