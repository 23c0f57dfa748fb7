import { FundingError } from "./errors.js";

/** How a passport score scales what a donor's donations count. */
export interface InfluenceScale {
  /** Below it a donation does not count; at it, half. */
  readonly lower: number;
  /** From it on a donation counts in full. */
  readonly upper: number;
}

/** The scales in use: for scores that stamps sum up to, and for those of a model. */
export const STAMP_SCALE: InfluenceScale = { lower: 15, upper: 25 };
export const MODEL_SCALE: InfluenceScale = { lower: 25, upper: 50 };

/** 0 below the lower bound, 0.5 at it, rising linearly to 1 at the upper bound, 1 above. */
export function influence(score: number, { lower, upper }: InfluenceScale): number {
  if (!(lower < upper))
    throw new FundingError("funding/bad-setting", `the scale from ${lower} to ${upper} does not rise`);
  if (Number.isNaN(score)) throw new FundingError("funding/bad-setting", "a score is not a number");
  if (score < lower) return 0;
  return score >= upper ? 1 : 0.5 + (0.5 * (score - lower)) / (upper - lower);
}
