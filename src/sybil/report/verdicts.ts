// What the report needs of an analysis: a verdict on each donor and how it came about, in words that name nobody.

/** One reason for a verdict; reasons name signs, never other accounts. */
export interface VerdictReason {
  /** Stable name of the rule or the sign. */
  readonly rule: string;
  /** One sentence for people. */
  readonly text: string;
}

/** In the order of the round's donors. */
export interface DonorVerdict {
  /** Of being a Sybil, 0 to 1. */
  readonly probability: number;
  readonly flagged: boolean;
  /** What settled it: a rule ahead of the model, or the model. */
  readonly settledBy: "human-rule" | "sybil-rule" | "model";
  readonly reasons: readonly VerdictReason[];
}

export interface HeuristicCount {
  readonly rule: string;
  readonly text: string;
  /** Which way it speaks, and whether it settles or only counts as evidence. */
  readonly towards: "human" | "sybil";
  readonly strong: boolean;
  /** Donors it is true of. */
  readonly hits: number;
}

export interface ModelCoefficient {
  readonly feature: string;
  readonly text: string;
  /** In the unit of one standard deviation of the feature; positive speaks for a Sybil. */
  readonly value: number;
  readonly error: number | undefined;
  /** One class hardly ever has it: the figure says no more than that. */
  readonly separated: boolean;
}

export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly predicted: number;
  readonly sybils: number;
}

export interface ModelAccount {
  /** What the model learnt from, in a sentence. */
  readonly basis: string;
  readonly humans: number;
  readonly sybils: number;
  readonly coefficients: readonly ModelCoefficient[];
  /** Out of fold, on the labels. */
  readonly calibration: readonly CalibrationBin[];
  readonly brier: number | undefined;
  readonly auc: number | undefined;
  readonly notices: readonly string[];
}

export interface RoundVerdicts {
  readonly donors: readonly DonorVerdict[];
  /** Rows of donors, clusters apart from each other, largest first; what connects each, in words. */
  readonly clusters: readonly { readonly donors: readonly number[]; readonly signs: readonly string[] }[];
  readonly heuristics: readonly HeuristicCount[];
  /** Undefined where there was nothing to learn from. */
  readonly model: ModelAccount | undefined;
  readonly labels: {
    readonly labelled: number;
    readonly raters: number;
    /** How far raters agree beyond chance (Krippendorff or Fleiss); undefined with one rater. */
    readonly agreement: number | undefined;
  };
}
