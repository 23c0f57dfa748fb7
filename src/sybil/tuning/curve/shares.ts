import { wilson } from "../../calibration.js";

/** Part of a count, with its interval of 95 % (Wilson 1927); NaN, and 0 to 1, where there is nothing. */
export interface Share {
  readonly hits: number;
  readonly count: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export const shareOf = (hits: number, count: number): Share => ({
  hits,
  count,
  share: hits / count,
  ...wilson(hits, count),
});

/** As `63.1 % (60.9 to 65.2)`. */
export function describeShare({ count, share, low, high }: Share): string {
  if (count === 0) return "nobody";
  const percent = (value: number) => (100 * value).toFixed(1);
  return `${percent(share)} % (${percent(low)} to ${percent(high)})`;
}
