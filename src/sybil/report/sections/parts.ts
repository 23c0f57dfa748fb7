// Pieces of the result's schema that several sections use, and how each is made.
import { Type, type Static, type TProperties, type TSchema } from "typebox";

import { wilson } from "../../calibration.js";
import { spreadOf } from "../../cost/economics.js";

/** An object that holds these members and no others. */
export const closed = <T extends TProperties>(members: T, description?: string) =>
  Type.Object(members, { additionalProperties: false, ...(description === undefined ? {} : { description }) });
export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Count = Type.Integer({ minimum: 0 });
export const Figure = Type.Number();
export const Probability = Type.Number({ minimum: 0, maximum: 1 });
export const Money = Type.Number({ description: "In the round's currency" });
export const Dollars = Type.Number({ minimum: 0, description: "US dollars" });

export const Share = closed(
  {
    hits: Count,
    count: Count,
    share: orNull(Probability),
    low: Probability,
    high: Probability,
  },
  "hits of count, with the 95 % interval of Wilson 1927; the share of nobody is null",
);
export type Share = Static<typeof Share>;

export const shareOf = (hits: number, count: number): Share => ({
  hits,
  count,
  share: count === 0 ? null : hits / count,
  ...wilson(hits, count),
});

export const Spread = closed(
  { count: Count, lower: Figure, median: Figure, upper: Figure },
  "Median and quartiles, interpolated (Hyndman and Fan's type 7)",
);
export type Spread = Static<typeof Spread>;

/** The spread of values; null of none. */
export const spreadOrNull = (values: readonly number[]): Spread | null =>
  values.length === 0 ? null : spreadOf(values);

/** NaN and the infinities have no JSON: they are null. */
export const finite = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;
