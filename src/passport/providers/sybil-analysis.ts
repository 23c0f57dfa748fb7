import { accountEvidence, eligible, notEligible, type StampProvider } from "./provider.js";

/** The verdict of the analysis over a finished round. */
export interface SybilResult {
  /** Probability that the account is a Sybil, 0 to 1; undefined where no model could tell. */
  readonly probability: number | undefined;
  /** Flagged accounts get no stamp, whatever the probability says. */
  readonly flagged: boolean;
}

/** Where results come from; null for an account that the analysis has not seen. */
export interface SybilGateway {
  result(round: string, account: string): Promise<SybilResult | null>;
}

/** The published cut. */
export const SYBIL_CUT = 0.5;

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
      if (result.flagged) return notEligible("the analysis flagged this account");
      if (result.probability === undefined) return notEligible("the analysis could not tell about this account");
      return result.probability < cut
        ? eligible(accountEvidence(account))
        : notEligible("the analysis is not sure enough of this account");
    },
  };
}
