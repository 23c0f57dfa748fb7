import { accountEvidence, eligible, notEligible, type StampProvider } from "./provider.js";

/** The verdict of the analysis over a finished round. */
export interface SybilResult {
  /** Probability that the account is a Sybil, in 1e-4. */
  readonly probability: number;
  /** Seconds since the epoch. */
  readonly computedAt: number;
}

/** Where results come from; null for an account that the analysis has not seen. */
export interface SybilGateway {
  result(round: string, account: string): Promise<SybilResult | null>;
}

/** The published cut: one half. */
export const SYBIL_CUT = 5_000;

/**
 * Last round's analysis as a stamp for the next. Its only negative effect is absence: an account that nobody has analysed is
 * no worse off than one that was flagged.
 */
export function sybilAnalysis(results: SybilGateway, round: string, cut = SYBIL_CUT): StampProvider {
  return {
    name: `SybilAnalysis#${round}`,
    title: `Analysis of round ${round}`,
    evidence: `The analysis of round ${round} found the account's behaviour to be a person's.`,
    group: "analysis",
    cost: { label: "free", cents: 0, needs: ["public-activity", "time"] },
    fungible: false,
    async check({ account }) {
      const result = await results.result(round, account.toLowerCase());
      if (result === null) return notEligible("the round's analysis has not seen this account");
      return result.probability < cut
        ? eligible(accountEvidence(account))
        : notEligible("the analysis flagged this account");
    },
  };
}
