// How far raters agree beyond chance. Krippendorff's alpha for nominal data takes any number of raters and missing ratings
// (Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011); Cohen's kappa (1960) is for two raters who judged the same
// donors. A rating of "unsure" is a missing one: it is no third kind of account.
import type { HumanLabel } from "../round/round-tables.js";

export interface Agreement {
  readonly raters: number;
  /** Donors that at least two raters decided. */
  readonly compared: number;
  /** Share of pairs of ratings of one donor that agree; NaN where no donor has two. */
  readonly observed: number;
  /**
   * 1 is full agreement, 0 what chance gives, below 0 worse than chance. NaN where no donor has two ratings, or all ratings are the
   * same: then chance would agree as well, and nothing can be said.
   */
  readonly alpha: number;
  /** Cohen's kappa of each two raters that decided donors in common; NaN where both said one thing only. */
  readonly pairs: readonly {
    readonly raters: readonly [string, string];
    readonly donors: number;
    readonly kappa: number;
  }[];
}

export function agreement(labels: readonly HumanLabel[]): Agreement {
  const byDonor = new Map<string, Map<string, boolean>>();
  for (const { donor, rater, verdict } of labels) {
    if (verdict === "unsure") continue;
    const ratings = byDonor.get(donor) ?? new Map<string, boolean>();
    ratings.set(rater, verdict === "sybil");
    byDonor.set(donor, ratings);
  }
  const raters = [...new Set(labels.map(({ rater }) => rater))].sort();
  const units = [...byDonor.values()].filter((ratings) => ratings.size > 1);
  return { raters: raters.length, compared: units.length, ...krippendorff(units), pairs: kappas(raters, units) };
}

type Ratings = ReadonlyMap<string, boolean>;

function krippendorff(units: readonly Ratings[]): { observed: number; alpha: number } {
  // Coincidences: each ordered pair of ratings of a donor with m ratings counts 1 / (m - 1).
  let [ratings, sybils, differing, pairs, alike] = [0, 0, 0, 0, 0];
  for (const unit of units) {
    const count = unit.size;
    const yes = [...unit.values()].filter(Boolean).length;
    const mixed = 2 * yes * (count - yes);
    ratings += count;
    sybils += yes;
    differing += mixed / (count - 1);
    pairs += count * (count - 1);
    alike += count * (count - 1) - mixed;
  }
  const expected = (2 * sybils * (ratings - sybils)) / (ratings - 1);
  const alpha = ratings === 0 || expected === 0 ? NaN : 1 - differing / expected;
  return { observed: pairs === 0 ? NaN : alike / pairs, alpha };
}

function kappas(raters: readonly string[], units: readonly Ratings[]): Agreement["pairs"] {
  return raters.flatMap((one, at) =>
    raters.slice(at + 1).flatMap((other) => {
      const both = units.flatMap((unit) => {
        const [a, b] = [unit.get(one), unit.get(other)];
        return a === undefined || b === undefined ? [] : [{ a, b }];
      });
      if (both.length === 0) return [];
      const share = (wanted: (pair: { a: boolean; b: boolean }) => boolean) => both.filter(wanted).length / both.length;
      const [yesOne, yesOther] = [share(({ a }) => a), share(({ b }) => b)];
      const chance = yesOne * yesOther + (1 - yesOne) * (1 - yesOther);
      const kappa = chance === 1 ? NaN : (share(({ a, b }) => a === b) - chance) / (1 - chance);
      return [{ raters: [one, other] as const, donors: both.length, kappa }];
    }),
  );
}
