// The accounts of a round with the classes that its analysis gives them without looking at stamps: weights that were fitted to verdicts
// that stamps had made would only repeat the old weights.
import { assessRound, type AssessConfig, type RoundAssessment } from "../../assess.js";
import { DEFAULT_HEURISTICS } from "../../heuristics/parse-heuristics.js";
import { STAMP_PREFIX } from "../../features/feature-table.js";
import type { RoundTables } from "../../round/round-tables.js";
import type { TuningSubject } from "./subjects.js";

const readsStamps = (feature: string) =>
  feature.startsWith(STAMP_PREFIX) || feature === "stamps" || feature === "passportScore";

/** Assesses a round as if nobody had a passport. */
export function assessWithoutStamps(tables: RoundTables, config: AssessConfig = {}): RoundAssessment {
  const heuristics = config.heuristics ?? DEFAULT_HEURISTICS;
  const rules = heuristics.rules.filter(({ reads }) => !reads.some(readsStamps));
  // Without stamps in the tables no feature is computed from them, so that no model reads one.
  const blind = { ...tables, stamps: tables.stamps.map(() => new Set<string>()) };
  return assessRound(blind, { ...config, heuristics: { ...heuristics, rules } });
}

/**
 * Every donor of a round: a Sybil is whom people or strong rules call one, or the model where it learnt from people; everybody else
 * counts as a person. Sybils that were not found are among the people then, which makes weights more cautious, not bolder. A model that
 * learnt from rules has no say: the accounts that rules settle are no sample of the round.
 */
export function subjectsOf(tables: RoundTables, assessment: RoundAssessment): TuningSubject[] {
  const { clusters } = assessment.features;
  const byPeople = assessment.labels.source === "people";
  return assessment.donors.map((donor, row) => ({
    donor,
    stamps: tables.stamps[row] as ReadonlySet<string>,
    sybil: byPeople ? assessment.flagged[row] === 1 : assessment.settled[row] === "sybil",
    cluster: clusters.of[row] === -1 ? assessment.donors.length + row : (clusters.of[row] as number),
  }));
}
