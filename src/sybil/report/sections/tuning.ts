import { Type, type Static } from "typebox";

import { canonicalPoints, POINT, type Points } from "../../../scoring/rules/points.js";
import { rulesHash } from "../../../scoring/rules/scorer-rules.js";
import { thinCurve } from "../../tuning/curve/trade-off-table.js";
import type { TradeOffPoint } from "../../tuning/curve/trade-off.js";
import type { Tuning as Tuned } from "../../tuning/tune-weights.js";
import type { ReportTuning } from "../tune.js";
import { closed, Count, Dollars, Figure, finite, orNull, Probability, Share, shareOf } from "./parts.js";

const Point = closed({ threshold: Figure, people: Share, sybils: Share, among: Share });
const Turned = closed({ gained: Count, lost: Count });

export const Tuning = closed(
  {
    goal: closed({ include: orNull(Probability), penetration: orNull(Probability) }),
    refused: orNull(Type.String({ description: "Why nothing is proposed" })),
    proposal: orNull(
      closed({
        labels: Type.Enum(["people", "rules"]),
        method: Type.String(),
        people: Count,
        sybils: Count,
        rulesHash: Type.String(),
        threshold: Type.String(),
        before: Point,
        thresholdAlone: orNull(Point),
        after: Point,
        outOfSample: closed({ people: Share, sybils: Share, folds: Count }),
        cheapestPass: closed({ before: orNull(Dollars), after: orNull(Dollars) }),
        flips: closed({ people: Turned, sybils: Turned }),
        stamps: Type.Array(
          closed({
            stamp: Type.String(),
            before: Figure,
            after: Figure,
            origin: Type.Enum(["fitted", "negative", "separated", "few"]),
            people: Share,
            sybils: Share,
            logOddsRatio: Type.Number({ description: "Of holders; above 0 it speaks for a person" }),
            low: Figure,
            high: Figure,
          }),
        ),
        pairs: Type.Array(
          closed({ stamps: Type.Array(Type.String()), people: Share, sybils: Share, separation: Figure }),
        ),
        curve: Type.Array(Point, { description: "Who passes at each threshold under the proposed weights" }),
      }),
    ),
  },
  "Weights and threshold that would do better next round, if the analysis is right",
);
export type Tuning = Static<typeof Tuning>;

/** Null where the round had nothing to tune. */
export function tuningSection(tuning: ReportTuning | undefined): Tuning | null {
  if (tuning === undefined) return null;
  const { goal, tuned, refused } = tuning;
  return {
    goal: { include: goal.include ?? null, penetration: goal.penetration ?? null },
    refused: refused ?? null,
    proposal: tuned === undefined ? null : proposalOf(tuned.tuning, tuned.labels),
  };
}

const share = ({ hits, count }: { hits: number; count: number }) => shareOf(hits, count);
const point = ({ threshold, people, sybils, among }: TradeOffPoint) => ({
  threshold: threshold / POINT,
  people: share(people),
  sybils: share(sybils),
  among: share(among),
});
const points = (value: Points) => value / POINT;

function proposalOf(tuning: Tuned, labels: "people" | "rules"): NonNullable<Tuning["proposal"]> {
  const { subjects, rules, before, thresholdAlone, after, outOfSample, passCost, flips, stamps, pairs, curve } = tuning;
  const turned = ({ gained, lost }: (typeof flips)["people"]) => ({ gained: gained.length, lost: lost.length });
  return {
    labels,
    method: tuning.method,
    people: subjects.people,
    sybils: subjects.sybils,
    rulesHash: rulesHash(rules),
    threshold: canonicalPoints(rules.threshold),
    before: point(before),
    thresholdAlone: thresholdAlone === undefined ? null : point(thresholdAlone),
    after: point(after),
    outOfSample: { people: share(outOfSample.people), sybils: share(outOfSample.sybils), folds: outOfSample.folds },
    cheapestPass: { before: finite(passCost.before?.cost), after: finite(passCost.after?.cost) },
    flips: { people: turned(flips.people), sybils: turned(flips.sybils) },
    stamps: stamps
      .map(({ stamp, before: was, after: is, origin, people, sybils, logOddsRatio, low, high }) => ({
        stamp,
        before: points(was),
        after: points(is),
        origin,
        people: share(people),
        sybils: share(sybils),
        logOddsRatio,
        low,
        high,
      }))
      .sort((a, b) => b.logOddsRatio - a.logOddsRatio || (a.stamp < b.stamp ? -1 : 1)),
    pairs: pairs.map(({ stamps: pair, people, sybils, separation }) => ({
      stamps: [...pair],
      people: share(people),
      sybils: share(sybils),
      separation,
    })),
    curve: thinCurve(curve, rules.threshold).map(point),
  };
}
