// The least that it costs to pass a scorer: a knapsack problem, solved exactly on the grid of points. Taking the best stamp for
// its price again and again gives dearer answers.
import { SybilError } from "../errors.js";

/** Memory grows with the threshold. */
export const LARGEST_THRESHOLD = 2 ** 24;

export interface PricedStamp {
  readonly stamp: string;
  /** Points on a grid of integers, from 0. */
  readonly points: number;
  /** From 0. */
  readonly cost: number;
}

export interface PassRules {
  /** On the same grid; the sum must reach it. */
  readonly threshold: number;
  /** Sets of stamps of which one must be held whole; absent where none is asked for. */
  readonly anyOf?: readonly (readonly string[])[];
  /** Groups, no stamp in two of them, whose points count up to their cap. */
  readonly caps?: readonly { readonly stamps: readonly string[]; readonly cap: number }[];
}

export interface CheapestPass {
  readonly cost: number;
  readonly points: number;
  readonly stamps: readonly string[];
}

/** A choice within a group: stamps, what they count and cost. */
interface Option {
  readonly points: number;
  readonly cost: number;
  readonly stamps: readonly string[];
}

/**
 * The cheapest stamps that pass; undefined when all of them together do not. Time and memory grow with threshold times stamps.
 * Throws `sybil/bad-setting` for points off the grid, negative costs, unknown stamps, and a stamp in two groups.
 */
export function cheapestPass(stamps: readonly PricedStamp[], rules: PassRules): CheapestPass | undefined {
  check(stamps, rules);
  let best: CheapestPass | undefined;
  for (const required of rules.anyOf ?? [[]]) {
    const found = cheapestWith(stamps, rules, new Set(required));
    if (found !== undefined && (best === undefined || found.cost < best.cost)) best = found;
  }
  return best;
}

function check(stamps: readonly PricedStamp[], { threshold, anyOf, caps }: PassRules): void {
  const refuse = (what: string) => {
    throw new SybilError("sybil/bad-setting", what);
  };
  const whole = (points: number) => Number.isSafeInteger(points) && points >= 0;
  if (!whole(threshold) || threshold > LARGEST_THRESHOLD)
    refuse(`the threshold ${threshold} is not a whole number up to 2^24`);
  const known = new Set<string>();
  for (const { stamp, points, cost } of stamps) {
    if (known.has(stamp)) refuse(`the stamp ${stamp} is there twice`);
    known.add(stamp);
    if (!whole(points)) refuse(`the points of ${stamp} are ${points}: a whole number from 0`);
    if (!(cost >= 0 && cost < Infinity)) refuse(`the cost of ${stamp} is ${cost}`);
  }
  const grouped = new Set<string>();
  for (const { stamps: members, cap } of caps ?? []) {
    if (!whole(cap)) refuse(`the cap ${cap} is not a whole number from 0`);
    for (const member of members) {
      if (grouped.has(member)) refuse(`the stamp ${member} is in two groups`);
      grouped.add(member);
    }
  }
  for (const name of (anyOf ?? []).flat()) if (!known.has(name)) refuse(`nothing is known of the required ${name}`);
}

function cheapestWith(
  stamps: readonly PricedStamp[],
  { threshold, caps }: PassRules,
  required: ReadonlySet<string>,
): CheapestPass | undefined {
  const grouped = new Set((caps ?? []).flatMap((group) => group.stamps));
  const groups = [
    ...(caps ?? []).map(({ stamps: members, cap }) => ({
      members: stamps.filter(({ stamp }) => members.includes(stamp)),
      cap,
    })),
    ...stamps.filter(({ stamp }) => !grouped.has(stamp)).map((stamp) => ({ members: [stamp], cap: Infinity })),
  ].map(({ members, cap }) => optionsOf(members, Math.min(cap, threshold), required));

  // costs[p]: the least that reaches p points or more, p up to the threshold; chosen[g][p]: the option of group g in it.
  let costs = new Float64Array(threshold + 1).fill(Infinity);
  costs[0] = 0;
  const chosen = groups.map((options) => {
    const next = new Float64Array(threshold + 1).fill(Infinity);
    const choice = new Uint32Array(threshold + 1);
    options.forEach(({ points, cost }, at) => {
      for (let p = 0; p <= threshold; p++) {
        const total = (costs[Math.max(0, p - points)] as number) + cost;
        if (total >= (next[p] as number)) continue;
        next[p] = total;
        choice[p] = at;
      }
    });
    costs = next;
    return choice;
  });
  if (costs[threshold] === Infinity) return undefined;
  const taken: string[] = [];
  for (let g = groups.length - 1, p = threshold; g >= 0; g--) {
    const option = groups[g]?.[chosen[g]?.[p] as number] as Option;
    taken.unshift(...option.stamps);
    p = Math.max(0, p - option.points);
  }
  const pointsOf = new Map(stamps.map(({ stamp, points }) => [stamp, points]));
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + (pointsOf.get(name) ?? 0), 0);
  const inGroups = (caps ?? []).map(({ stamps: members, cap }) =>
    Math.min(cap, sum(taken.filter((name) => members.includes(name)))),
  );
  const points = sum(taken.filter((name) => !grouped.has(name))) + inGroups.reduce((total, part) => total + part, 0);
  return { cost: costs[threshold] as number, points, stamps: taken };
}

/** All choices within a group that no other beats in both points and cost; the points stop at `cap`. */
function optionsOf(members: readonly PricedStamp[], cap: number, required: ReadonlySet<string>): Option[] {
  let options: Option[] = [{ points: 0, cost: 0, stamps: [] }];
  for (const { stamp, points, cost } of members) {
    const taken = options.map((option) => ({
      points: Math.min(cap, option.points + points),
      cost: option.cost + cost,
      stamps: [...option.stamps, stamp],
    }));
    if (required.has(stamp)) options = taken;
    else options = [...options, ...taken];
    options.sort((a, b) => a.cost - b.cost || b.points - a.points || a.stamps.length - b.stamps.length);
    let most = -1;
    options = options.filter((option) => {
      if (option.points <= most) return false;
      most = option.points;
      return true;
    });
  }
  return options;
}
