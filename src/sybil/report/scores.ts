import { influence } from "../../funding/influence.js";
import { compileRules } from "../../scoring/rules/compile.js";
import { ScoreKernel, UNKNOWN_PROVIDER } from "../../scoring/rules/kernel.js";
import { POINT } from "../../scoring/rules/points.js";
import type { RoundTables } from "../round/round-tables.js";

/** The passports of a round's donors under the rules of the round, by row. */
export interface PassportScores {
  /** Sums in points, whatever the gate says. */
  readonly sums: Float64Array;
  readonly threshold: number;
  /** 1 where sum and conditions pass. */
  readonly passing: Uint8Array;
  /** What the donor's donations count by the round's scale, 0 to 1; 0 where a condition is unmet. */
  readonly influence: Float64Array;
}

/** Scores every passport; undefined where the round had no scorer. */
export function scorePassports({ rules, stamps, settings }: RoundTables): PassportScores | undefined {
  if (rules === undefined) return undefined;
  const scorer = compileRules(rules);
  const kernel = new ScoreKernel(scorer);
  const sums = new Float64Array(stamps.length);
  const passing = new Uint8Array(stamps.length);
  const counts = new Float64Array(stamps.length);
  stamps.forEach((held, row) => {
    const flat = {
      providers: Uint16Array.from(held, (provider) => scorer.indexOf(provider) ?? UNKNOWN_PROVIDER),
      // The reader kept those that were valid when the round closed.
      expiries: new Float64Array(held.size).fill(Infinity),
      refused: new Uint8Array(held.size),
    };
    kernel.score(flat, 0, held.size, settings.closedAt);
    sums[row] = kernel.sum / POINT;
    passing[row] = Number(kernel.passing);
    counts[row] = influence(kernel.conditionsMet ? kernel.sum / POINT : 0, settings.scale);
  });
  return { sums, threshold: rules.threshold / POINT, passing, influence: counts };
}
