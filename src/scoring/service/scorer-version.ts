import { compileRules, type CompiledScorer } from "../rules/compile.js";
import { parseRules } from "../rules/parse-rules.js";
import { linkScope } from "../rules/links/link.js";
import { PassportScorer } from "../rules/score.js";
import type { ScorerRules } from "../rules/scorer-rules.js";

/** One immutable version of a scorer, ready to score. */
export interface ScorerVersion {
  readonly scorerId: number;
  readonly version: number;
  readonly rulesHash: string;
  readonly rules: ScorerRules;
  /** Where its links live. */
  readonly scope: string;
  readonly scorer: Pick<PassportScorer, "score">;
  readonly compiled: CompiledScorer;
}

/** Compiles the stored rules of a version. */
export function readVersion(stored: { scorerId: number; version: number; rules: string }): ScorerVersion {
  const { scorerId, version } = stored;
  const scorer = new PassportScorer(compileRules(parseRules(JSON.parse(stored.rules))));
  const { rules, hash } = scorer.scorer;
  return {
    scorerId,
    version,
    rulesHash: hash,
    rules,
    scope: linkScope(String(scorerId), rules.dedupe),
    scorer,
    compiled: scorer.scorer,
  };
}
