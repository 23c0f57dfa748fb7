// Donations copied from one list, and how a farm keeps its copies apart.
import { chooseProjects } from "../projects.js";
import type { Random } from "../random.js";

/** Dollars that the bits of donor DNA ask a donor's total to be above (sybil.md, 2.1). */
const AMOUNT_BITS = Array.from({ length: 12 }, (_, at) => 2 ** at);

export const amountBits = (cents: number): number => AMOUNT_BITS.filter((dollars) => cents > 100 * dollars).length;

export interface Gifts {
  readonly projects: readonly number[];
  readonly cents: number;
}

/** Jaccard's distance of two donors' DNA: projects and cumulative amount bits. */
export function dnaDistance(a: Gifts, b: Gifts): number {
  const common = a.projects.filter((project) => b.projects.includes(project)).length;
  const [bitsA, bitsB] = [amountBits(a.cents), amountBits(b.cents)];
  const either = a.projects.length + b.projects.length - common + Math.max(bitsA, bitsB);
  return either === 0 ? 0 : 1 - (common + Math.min(bitsA, bitsB)) / either;
}

/** Draws of one size of change before a copy is changed more. */
const TRIES = 40;

/**
 * The next copy of `template`, above `least` from all `earlier` ones: projects are exchanged for others, as few as it takes. The
 * `fixed` ones stay. `totalOf` says what a list costs.
 */
export function spacedCopy(
  template: readonly number[],
  fixed: readonly number[],
  weights: readonly number[],
  earlier: readonly Gifts[],
  least: number,
  totalOf: (projects: readonly number[]) => number,
  random: Random,
): Gifts {
  const free = template.filter((project) => !fixed.includes(project));
  for (let draw = 0; ; draw++) {
    const exchanged = Math.floor(draw / TRIES);
    const kept = random.shuffled(free).slice(Math.min(exchanged, free.length));
    const others = weights.map((weight, at) => (template.includes(at) || fixed.includes(at) ? 0 : weight));
    const open = others.filter((weight) => weight > 0).length;
    const added = chooseProjects(Math.min(exchanged, open), others, random);
    const projects = [...fixed, ...kept, ...added];
    const gifts = { projects, cents: totalOf(projects) };
    if (earlier.every((other) => dnaDistance(gifts, other) > least)) return gifts;
    // A round of few projects has only so many lists: the last ones are as far as they can be.
    if (exchanged > free.length + 4) return gifts;
  }
}
