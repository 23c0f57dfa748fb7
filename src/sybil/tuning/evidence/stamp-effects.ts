// Which stamps tell people from Sybils, alone and in pairs, against how many hold them.
import { shareOf, type Share } from "../curve/shares.js";
import type { TuningSubject } from "./subjects.js";

export interface StampEffect {
  readonly stamp: string;
  /** Who of the people, and of the Sybils, holds it: popularity. */
  readonly people: Share;
  readonly sybils: Share;
  /**
   * Logarithm of the odds ratio of holders and others, half an account added to each of the four counts (Haldane 1956, Anscombe 1956), with
   * its interval of 95 %: effect. Above 0 it speaks for its holder.
   */
  readonly logOddsRatio: number;
  readonly low: number;
  readonly high: number;
}

const Z95 = 1.959963984540054;

export function stampEffects(subjects: readonly TuningSubject[], stamps: readonly string[]): StampEffect[] {
  const totals = countClasses(subjects);
  return stamps.map((stamp) => {
    const held = countClasses(subjects.filter((subject) => subject.stamps.has(stamp)));
    const [a, b, c, d] = [
      held.people + 0.5,
      totals.people - held.people + 0.5,
      held.sybils + 0.5,
      totals.sybils - held.sybils + 0.5,
    ] as const;
    const logOddsRatio = Math.log((a * d) / (b * c));
    const half = Z95 * Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d);
    return {
      stamp,
      people: shareOf(held.people, totals.people),
      sybils: shareOf(held.sybils, totals.sybils),
      logOddsRatio,
      low: logOddsRatio - half,
      high: logOddsRatio + half,
    };
  });
}

export interface PairEffect {
  readonly stamps: readonly [string, string];
  /** Who of the people, and of the Sybils, holds both. */
  readonly people: Share;
  readonly sybils: Share;
  /** Share of people minus share of Sybils (Youden 1950): 1 separates perfectly. */
  readonly separation: number;
}

/** Pairs of stamps that people hold together and Sybils do not, the best first; time grows with the squares of passports. */
export function bestPairs(subjects: readonly TuningSubject[], stamps: readonly string[], count = 10): PairEffect[] {
  const known = new Map(stamps.map((stamp, at) => [stamp, at]));
  const size = stamps.length;
  const both = [new Uint32Array(size * size), new Uint32Array(size * size)] as const;
  for (const { stamps: held, sybil } of subjects) {
    const counts = both[sybil ? 1 : 0];
    const places = [...held].flatMap((stamp) => known.get(stamp) ?? []).sort((a, b) => a - b);
    places.forEach((a, at) => {
      for (const b of places.slice(at + 1)) counts[a * size + b] = (counts[a * size + b] as number) + 1;
    });
  }
  const totals = countClasses(subjects);
  const pairs: PairEffect[] = [];
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      const people = shareOf(both[0][a * size + b] as number, totals.people);
      const sybils = shareOf(both[1][a * size + b] as number, totals.sybils);
      const separation = people.share - sybils.share;
      if (separation > 0)
        pairs.push({ stamps: [stamps[a] as string, stamps[b] as string], people, sybils, separation });
    }
  }
  return pairs.sort((one, other) => other.separation - one.separation).slice(0, count);
}

export function countClasses(subjects: readonly TuningSubject[]): { readonly people: number; readonly sybils: number } {
  const sybils = subjects.filter(({ sybil }) => sybil).length;
  return { people: subjects.length - sybils, sybils };
}
