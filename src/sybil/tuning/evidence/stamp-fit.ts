// What a model of stamps says, whoever fits it.
import type { TuningSubject } from "./subjects.js";

/** A stamp's part in the log-odds of being a person. */
export interface FittedCoefficient {
  readonly value: number;
  /** Undefined where the fit has none: columns that are equal, or all one class. */
  readonly standardError: number | undefined;
}

export interface StampFit {
  readonly intercept: number;
  /** One for each stamp that was asked for and does not stand for another. */
  readonly coefficients: ReadonlyMap<string, FittedCoefficient>;
  /** How strongly coefficients are drawn to 0. */
  readonly penalty: number;
  /** What was fitted, for the report. */
  readonly method: string;
}

/** Fits a regularised logistic model of "is a person" on these stamps; chooses the penalty where none is given. */
export type FitStamps = (subjects: readonly TuningSubject[], stamps: readonly string[], penalty?: number) => StampFit;
