// The trade-off curve as a table for people: few enough points to look at, each with what passing costs there.
import type { Points } from "../../../scoring/rules/points.js";
import { POINT } from "../../../scoring/rules/points.js";
import { leastCosts } from "../pass-costs.js";
import type { TradeOffPoint } from "./trade-off.js";

const MOST_POINTS = 200;
/** Entries of the table of costs; a wider range of points is searched on a coarser grid. */
const MOST_ENTRIES = 2_000_000;

export interface PricedPoint extends TradeOffPoint {
  /** Dollars of the cheapest set of priced stamps that reaches it, gates and caps aside; Infinity where none does. */
  readonly cost: number;
}

/** At most 200 points of a curve, the first, the last and `chosen` among them. */
export function thinCurve(curve: readonly TradeOffPoint[], chosen: Points): TradeOffPoint[] {
  const step = Math.max(1, curve.length / (MOST_POINTS - 2));
  const kept = new Set(Array.from({ length: Math.ceil(curve.length / step) }, (_, at) => Math.floor(at * step)));
  kept.add(curve.length - 1);
  return curve.filter((point, at) => kept.has(at) || point.threshold === chosen);
}

/** Prices points of a curve. On a coarser grid than 1e-4 weights are rounded down, so that no cost is named too low. */
export function priceCurve(
  curve: readonly TradeOffPoint[],
  weights: ReadonlyMap<string, Points>,
  prices: ReadonlyMap<string, number>,
): PricedPoint[] {
  const most = curve.reduce((largest, { threshold }) => Math.max(largest, threshold), 0);
  const grid = Math.max(1, Math.ceil(most / MOST_ENTRIES));
  const coarse = new Map([...weights].map(([stamp, weight]) => [stamp, Math.floor(weight / grid)]));
  const costs = leastCosts(coarse, prices, Math.ceil(most / grid));
  return curve.map((point) => ({ ...point, cost: costs[Math.ceil(point.threshold / grid)] as number }));
}

export const CURVE_COLUMNS = [
  "threshold",
  "people",
  "people_low",
  "people_high",
  "sybils",
  "sybils_low",
  "sybils_high",
  "sybils_among_passing",
  "cost_to_pass",
] as const;

/** Rows of {@link CURVE_COLUMNS}; a cost that no set has is empty. */
export const curveRows = (curve: readonly PricedPoint[]): (string | number)[][] =>
  curve.map(({ threshold, people, sybils, among, cost }) => [
    threshold / POINT,
    people.share,
    people.low,
    people.high,
    sybils.share,
    sybils.low,
    sybils.high,
    among.share,
    cost === Infinity ? "" : cost,
  ]);
