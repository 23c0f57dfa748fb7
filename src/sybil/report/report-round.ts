import { availableParallelism } from "node:os";

import { rulesHash } from "../../scoring/rules/scorer-rules.js";
import { noProgress, type Progress } from "../../shared/progress.js";
import { PERSONAL_SOURCES, refitWithout, type RoundAssessment } from "../assess.js";
import { DEFAULT_HEURISTICS } from "../heuristics/parse-heuristics.js";
import type { Rule } from "../heuristics/rule.js";
import type { ModelSettings } from "../model/fit-model.js";
import { SybilError } from "../errors.js";
import type { RoundTables } from "../round/round-tables.js";
import { gatherFacts, PAIRWISE_M, type ReportFacts } from "./facts.js";
import type { Naming } from "./pseudonyms.js";
import { RESULT_FORMAT, type RoundResult } from "./result.js";
import { accountsSection } from "./sections/accounts.js";
import { bandsSection } from "./sections/bands.js";
import { caveatsSection } from "./sections/caveats.js";
import { costsSection } from "./sections/costs.js";
import { driftSection } from "./sections/drift.js";
import { gateSection } from "./sections/gate.js";
import { groupsSection } from "./sections/groups.js";
import { tuningSection } from "./sections/tuning.js";
import type { ReportTuning } from "./tune.js";
import { matchingSection } from "./sections/matching.js";
import { heuristicsSection, labelsSection, modelSection } from "./sections/model.js";

export interface ReportOptions {
  readonly naming: Naming;
  /** The heuristics that the assessment ran; the built-in ones unless told. */
  readonly rules?: readonly Rule[];
  /** How the assessment fitted its model; the standard way unless told. */
  readonly model?: ModelSettings;
  /** What the reader changed in the tables. */
  readonly notices?: readonly string[];
  /** Finds out what the round says of its scorer's weights; it runs while threads match pairs of donors. */
  readonly tune?: () => ReportTuning | undefined;
  /** The last round's result, for drift. */
  readonly previous?: RoundResult | undefined;
  /** Multiplies the prices of stamps; 1 unless told. */
  readonly priceFactor?: number;
  readonly threads?: number;
  readonly progress?: Progress;
}

/** A result, and what it was made of, for the files that name accounts and that propose rules. */
export interface RoundReport {
  readonly result: RoundResult;
  readonly facts: ReportFacts;
  readonly tuning: ReportTuning | undefined;
}

/**
 * Puts the assessment of a round together with everything else that a round manager asks: see {@link RoundResult}. The same inputs
 * give the same result, whatever the number of threads. Throws `sybil/bad-setting` for an assessment of other donors.
 */
export async function reportRound(
  given: RoundTables,
  assessment: RoundAssessment,
  options: ReportOptions,
): Promise<RoundReport> {
  const { naming, rules: heuristics = DEFAULT_HEURISTICS.rules, notices = [], previous, priceFactor = 1 } = options;
  const { threads = availableParallelism(), progress = noProgress } = options;
  if (assessment.donors.join("\n") !== given.donations.donorNames.join("\n")) {
    throw new SybilError("sybil/bad-setting", "the assessment is of other donors than the round's");
  }
  const tables = { ...given, prices: new Map([...given.prices].map(([stamp, price]) => [stamp, price * priceFactor])) };
  const gathering = gatherFacts(tables, assessment, heuristics, naming, threads, (done, total) => {
    progress.update("matching pairs of donors", done, total);
  });
  // The threads are at work from here on: what follows costs no time of its own where there is a second core.
  const tuning = options.tune?.();
  const model = options.model === undefined ? {} : { model: options.model };
  const impersonal = refitWithout(PERSONAL_SOURCES, tables, assessment, { rules: heuristics, ...model });
  const facts = await gathering;
  const { settings, donations, rules } = tables;
  const { name, closedAt, pool, cap, scale, tax, flagFrom } = settings;
  progress.update("sections of the report", 0, 1);
  const result: RoundResult = {
    format: RESULT_FORMAT,
    round: {
      name,
      closedAt: new Date(closedAt * 1000).toISOString(),
      donors: donations.donorNames.length,
      projects: donations.projectNames.length,
      donations: donations.amounts.length,
      donated: donations.amounts.reduce((sum, amount) => sum + amount, 0),
      pool,
      cap,
      scale: { ...scale },
      tax: { ...tax },
      flagFrom,
      rulesHash: rules === undefined ? null : rulesHash(rules),
    },
    naming: naming.kind === "names" ? "names" : `pseudonyms-${naming.salted}-salt`,
    notices: [...notices],
    accounts: accountsSection(facts),
    heuristics: heuristicsSection(facts),
    model: modelSection(facts, impersonal),
    labels: labelsSection(facts),
    bands: bandsSection(facts),
    gate: gateSection(facts),
    groups: groupsSection(facts),
    costs: costsSection(facts, priceFactor),
    matching: matchingSection(facts, PAIRWISE_M),
    tuning: tuningSection(tuning),
    drift: null,
    summary: plain(assessment.summary),
    caveats: caveatsSection(facts),
  };
  progress.update("sections of the report", 1, 1);
  if (previous === undefined) return { result, facts, tuning };
  const sentences = new Map(assessment.features.specs.map(({ name: feature, sentence }) => [feature, sentence]));
  return {
    result: { ...result, drift: driftSection(previous, result, assessment.drift, sentences) },
    facts,
    tuning,
  };
}

const plain = ({ features, ...counts }: RoundAssessment["summary"]): RoundResult["summary"] => ({
  ...counts,
  features: Object.fromEntries(
    Object.entries(features).map(([name, { edges, counts: bins, unknown }]) => [
      name,
      { edges: [...edges], counts: [...bins], unknown },
    ]),
  ),
});
