import { compileRules } from "../../src/scoring/rules/compile.js";
import { parseRules } from "../../src/scoring/rules/parse-rules.js";
import { PassportScorer, type ScorableStamp } from "../../src/scoring/rules/score.js";

/** Rules with four stamps of the published table that add up to exactly 20.000, unless told otherwise. */
export const rulesOf = (changes: object = {}) =>
  parseRules({
    format: "touchstone-scorer-rules-v1",
    threshold: "20",
    weights: {
      "ETHDaysActive#50": "0.207",
      "githubContributionActivityGte#30": "1.879",
      "githubContributionActivityGte#60": "1.888",
      HolonymGovIdProvider: "16.026",
    },
    ...changes,
  });
export const scorerOf = (changes: object = {}) => new PassportScorer(compileRules(rulesOf(changes)));

export const AT = 1_800_000_000;
export const DAY = 86_400;

/** A stamp of a provider; digests differ with the provider unless given. */
export const stamp = (provider: string, expiresAt = AT + 90 * DAY, digest = provider): ScorableStamp => ({
  provider,
  expiresAt,
  digest,
});

/** The code of what a function throws. */
export function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return "nothing thrown";
  } catch (error) {
    return (error as { code?: string }).code;
  }
}
