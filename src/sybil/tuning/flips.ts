// Whose verdict new rules turn.
import type { Points } from "../../scoring/rules/points.js";
import { shareOf, type Share } from "./curve/shares.js";
import type { TuningSubject } from "./evidence/subjects.js";

export interface ClassFlips {
  readonly before: Share;
  readonly after: Share;
  /** Donors who pass under the new rules only, and under the old ones only. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

export interface FlipReport {
  readonly people: ClassFlips;
  readonly sybils: ClassFlips;
}

interface Scored {
  readonly points: Int32Array;
  readonly threshold: Points;
}

/** Compares old rules with new ones over the same accounts, in their order. */
export function flipReport(subjects: readonly TuningSubject[], before: Scored, after: Scored): FlipReport {
  const of = (wanted: boolean): ClassFlips => {
    const rows = subjects.flatMap(({ sybil, donor }, at) =>
      sybil === wanted
        ? [
            {
              donor,
              was: (before.points[at] as number) >= before.threshold,
              is: (after.points[at] as number) >= after.threshold,
            },
          ]
        : [],
    );
    const donors = (turned: (row: (typeof rows)[number]) => boolean) => rows.filter(turned).map(({ donor }) => donor);
    return {
      before: shareOf(rows.filter(({ was }) => was).length, rows.length),
      after: shareOf(rows.filter(({ is }) => is).length, rows.length),
      gained: donors(({ was, is }) => is && !was),
      lost: donors(({ was, is }) => was && !is),
    };
  };
  return { people: of(false), sybils: of(true) };
}
