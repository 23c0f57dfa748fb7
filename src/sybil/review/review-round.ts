import { assessRound, type RoundAssessment } from "../assess.js";
import { parseHeuristics } from "../heuristics/parse-heuristics.js";
import type { RoundFolder } from "../round/read-round.js";
import { consensus } from "./consensus.js";
import { sampleForReview } from "./sample-for-review.js";

export interface Review {
  /** Donors to be judged, those first of which an answer says most. */
  readonly sample: readonly string[];
  /** Of each of them, in the same order; NaN where nothing gave one. */
  readonly probabilities: readonly number[];
  /** Donors that people judged already. */
  readonly judged: number;
  readonly assessment: RoundAssessment;
}

/**
 * Draws `count` donors for people to look at, given what people said so far. Whoever judges should see the accounts and not these
 * probabilities: a judgement that repeats the model's teaches it nothing.
 */
export function reviewRound(
  { tables, heuristics }: RoundFolder,
  { count, seed }: { readonly count: number; readonly seed: number },
): Review {
  const assessment = assessRound(tables, heuristics === undefined ? {} : { heuristics: parseHeuristics(heuristics) });
  const { donors, modelProbability, probability, features } = assessment;
  const judged = consensus(donors, tables.labels).map((verdict) => verdict !== undefined);
  // Rules are judged by the sample as well: where there is a model, it has an opinion of accounts that a rule settled.
  const opinion = assessment.model === undefined ? probability : modelProbability;
  const candidates = donors.map((donor, row) => ({
    donor,
    probability: opinion[row] as number,
    cluster: features.clusters.of[row] as number,
    judged: judged[row] as boolean,
  }));
  const sample = sampleForReview(candidates, { count, cut: tables.settings.flagFrom, seed });
  const of = new Map(candidates.map(({ donor, probability: value }) => [donor, value]));
  return {
    sample,
    probabilities: sample.map((donor) => of.get(donor) as number),
    judged: judged.filter(Boolean).length,
    assessment,
  };
}
