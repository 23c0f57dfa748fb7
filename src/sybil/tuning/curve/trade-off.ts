// The curve between losing people and letting Sybils in (sybil.md, Y14), and the point on it that a round chose.
import type { Points } from "../../../scoring/rules/points.js";
import { SybilError } from "../../errors.js";
import { shareOf, type Share } from "./shares.js";

/** What a round asks for; both, or one of them: the other is then made as good as it can be. */
export interface TuningGoal {
  /** Least share of people who pass. */
  readonly include?: number;
  /** Largest share of Sybils that pass. */
  readonly penetration?: number;
}

export interface TradeOffPoint {
  readonly threshold: Points;
  /** Who of the people, and of the Sybils, passes. */
  readonly people: Share;
  readonly sybils: Share;
  /** Sybils among those who pass. */
  readonly among: Share;
}

interface Counted {
  readonly points: Int32Array;
  readonly sybil: readonly boolean[];
}

/** The curve at every threshold at which somebody's verdict turns, ascending; the first lets in everybody who has points. */
export function tradeOff({ points, sybil }: Counted): TradeOffPoint[] {
  const order = Array.from(points.keys()).sort((a, b) => (points[b] as number) - (points[a] as number));
  const total = [false, true].map((wanted) => sybil.filter((value) => value === wanted).length);
  const passing = [0, 0];
  const curve: TradeOffPoint[] = [];
  order.forEach((at, place) => {
    const threshold = points[at] as number;
    if (threshold <= 0) return;
    const side = sybil[at] === true ? 1 : 0;
    passing[side] = (passing[side] as number) + 1;
    if (points[order[place + 1] as number] === threshold) return;
    const [people, sybils] = passing as [number, number];
    curve.push({
      threshold,
      people: shareOf(people, total[0] as number),
      sybils: shareOf(sybils, total[1] as number),
      among: shareOf(sybils, people + sybils),
    });
  });
  return curve.reverse();
}

/** What happens at one threshold. */
export function atThreshold({ points, sybil }: Counted, threshold: Points): TradeOffPoint {
  const [people, sybils, passing] = [
    [0, 0],
    [0, 0],
    [0, 0],
  ] as [number[], number[], number[]];
  points.forEach((sum, at) => {
    const row = sybil[at] === true ? sybils : people;
    row[1] = (row[1] as number) + 1;
    if (sum < threshold) return;
    row[0] = (row[0] as number) + 1;
    passing[0] = (passing[0] as number) + (sybil[at] === true ? 1 : 0);
    passing[1] = (passing[1] as number) + 1;
  });
  const share = ([hits, count]: number[]) => shareOf(hits as number, count as number);
  return { threshold, people: share(people), sybils: share(sybils), among: share(passing) };
}

export function checkGoal({ include, penetration }: TuningGoal): void {
  for (const [name, value] of Object.entries({ include, penetration })) {
    if (value !== undefined && !(value >= 0 && value <= 1)) {
      throw new SybilError("sybil/bad-setting", `the goal ${name} is ${value}: it is a share from 0 to 1`);
    }
  }
  if (include === undefined && penetration === undefined) {
    throw new SybilError(
      "sybil/bad-setting",
      "a goal names the share of people to include, of Sybils to let in, or both",
    );
  }
}

/** Of one curve, the points of which {@link choosePoint} takes or names one. */
export function relevantPoints(curve: readonly TradeOffPoint[], goal: TuningGoal): readonly TradeOffPoint[] {
  const served = judge(curve, goal);
  return [served.chosen, served.inclusive, served.strict].filter((point) => point !== undefined);
}

/**
 * The point that serves a goal. With both shares: the one of those that serve them where people are furthest above Sybils. With
 * one: the best that the other can be. Of equals the first. Throws `sybil/goal-out-of-reach`, with what could be had.
 */
export function choosePoint<Point extends TradeOffPoint>(points: readonly Point[], goal: TuningGoal): Point {
  checkGoal(goal);
  const { include, penetration } = goal;
  const { chosen, inclusive, strict } = judge(points, goal);
  if (chosen !== undefined) return chosen;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const wanted = [
    ...(include === undefined ? [] : [`at least ${percent(include)} of people`]),
    ...(penetration === undefined ? [] : [`at most ${percent(penetration)} of Sybils`]),
  ].join(" and ");
  const had = [
    ...(inclusive === undefined ? [] : [`with so few Sybils ${percent(inclusive.people.share)} of people`]),
    ...(strict === undefined ? [] : [`with so many people ${percent(strict.sybils.share)} of Sybils`]),
  ];
  const offer = had.length === 0 ? "nothing that the rules weigh tells anybody apart" : `it would be ${had.join(", ")}`;
  throw new SybilError("sybil/goal-out-of-reach", `no threshold lets pass ${wanted}: ${offer}`);
}

/** The point that serves a goal, and the best for people and against Sybils where one half of the goal is served. */
function judge<Point extends TradeOffPoint>(points: readonly Point[], { include, penetration }: TuningGoal) {
  const people = (point: Point) => point.people.share;
  const sybils = (point: Point) => point.sybils.share;
  const few = points.filter((point) => penetration === undefined || sybils(point) <= penetration);
  const both = few.filter((point) => include === undefined || people(point) >= include);
  const gain = (point: Point) => {
    if (include === undefined) return people(point);
    return penetration === undefined ? -sybils(point) : people(point) - sybils(point);
  };
  const many = points.filter((point) => include === undefined || people(point) >= include);
  return { chosen: best(both, gain), inclusive: best(few, people), strict: best(many, (point) => -sybils(point)) };
}

/** The first of the largest. */
function best<Point>(points: readonly Point[], value: (point: Point) => number): Point | undefined {
  return points.reduce<Point | undefined>(
    (found, point) => (found === undefined || value(point) > value(found) ? point : found),
    undefined,
  );
}
