import { SybilError } from "../errors.js";
import type { AssessConfig, RoundAssessment } from "../assess.js";
import type { RoundTables } from "../round/round-tables.js";
import type { TuningGoal } from "../tuning/curve/trade-off.js";
import { tuneRound, type TunedRound } from "../tuning/tune-round.js";

/** A proposal for the next round's scorer, or why there is none. */
export type ReportTuning =
  | { readonly goal: TuningGoal; readonly tuned: TunedRound; readonly refused: undefined }
  | { readonly goal: TuningGoal; readonly tuned: undefined; readonly refused: string };

/** Unless a round asks for something else: a tenth of the Sybils may pass. */
export const DEFAULT_GOAL: TuningGoal = { penetration: 0.1 };

/**
 * Tunes the scorer of a round that was assessed: donors' distances are those of the assessment. Undefined where the round had no
 * scorer or no stamps; a goal out of reach, and evidence that is too thin, are reasons and no failures.
 */
export function tuneForReport(
  tables: RoundTables,
  { features }: RoundAssessment,
  config: AssessConfig,
  goal: TuningGoal = DEFAULT_GOAL,
): ReportTuning | undefined {
  if (tables.rules === undefined || tables.stamps.every(({ size }) => size === 0)) return undefined;
  const distances = (name: string) => features.columns.get(name) as Float64Array;
  const nearest = { jaccard: distances("dnaDistance"), hamming: distances("dnaHamming") };
  try {
    return { goal, tuned: tuneRound(tables, { goal, assess: { ...config, nearest } }), refused: undefined };
  } catch (error) {
    if (!(error instanceof SybilError)) throw error;
    return { goal, tuned: undefined, refused: error.message };
  }
}
