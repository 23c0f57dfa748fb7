// The projects of a generated round: popularity with a heavy tail, causes that people care for, and lists that get around.
import type { Random } from "./random.js";

export interface Projects {
  readonly names: readonly string[];
  /** How often each is chosen, in proportion: 1 / rank. */
  readonly popularity: readonly number[];
  /** Which cause each serves. */
  readonly causes: readonly number[];
  /** Curated lists that some people give to as they are, each with the cents a project. */
  readonly lists: readonly { readonly projects: readonly number[]; readonly cents: number }[];
}

export const CAUSES = 6;
const LISTS = 8;
/** Cents that people give when they do not think about it. */
export const ROUND_GIFTS = [100, 100, 200, 300, 500, 1_000] as const;

export function makeProjects(count: number, random: Random): Projects {
  const ranks = random.shuffled(Array.from({ length: count }, (_, at) => at + 1));
  const popularity = ranks.map((rank) => 1 / rank);
  const causes = ranks.map(() => random.whole(0, CAUSES - 1));
  const lists = Array.from({ length: LISTS }, () => ({
    projects: chooseProjects(random.whole(4, Math.min(14, Math.ceil(count / 2))), popularity, random),
    cents: random.pick(ROUND_GIFTS),
  }));
  const width = String(count).length;
  const names = ranks.map((_, at) => `project-${String(at + 1).padStart(width, "0")}`);
  return { names, popularity, causes, lists };
}

/** Different projects, the popular ones more often; all of them when `wanted` is more than there are. */
export function chooseProjects(wanted: number, weights: readonly number[], random: Random): number[] {
  const left = [...weights];
  const chosen: number[] = [];
  while (chosen.length < Math.min(wanted, weights.length)) {
    const at = random.weighted(left);
    chosen.push(at);
    left[at] = 0;
  }
  return chosen;
}
