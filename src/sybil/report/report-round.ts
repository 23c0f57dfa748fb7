import { availableParallelism } from "node:os";

import { rulesHash } from "../../scoring/rules/scorer-rules.js";
import { noProgress, type Progress } from "../../shared/progress.js";
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
import { matchingSection } from "./sections/matching.js";
import { heuristicsSection, modelSection } from "./sections/model.js";
import { finite } from "./sections/parts.js";
import type { RoundVerdicts } from "./verdicts.js";

export interface ReportOptions {
  readonly naming: Naming;
  /** What the reader changed in the tables. */
  readonly notices?: readonly string[];
  /** The last round's result, for drift. */
  readonly previous?: RoundResult | undefined;
  /** Multiplies the prices of stamps; 1 unless told. */
  readonly priceFactor?: number;
  readonly threads?: number;
  readonly progress?: Progress;
}

/** A result, and what it was made of, for the files that name accounts. */
export interface RoundReport {
  readonly result: RoundResult;
  readonly facts: ReportFacts;
}

/**
 * Puts the verdicts of an analysis together with everything else that a round manager asks: see {@link RoundResult}. The same inputs
 * give the same result, whatever the number of threads. Throws `sybil/bad-setting` for verdicts that are not one for each donor.
 */
export async function reportRound(
  given: RoundTables,
  verdicts: RoundVerdicts,
  { naming, notices = [], previous, priceFactor = 1, threads = availableParallelism(), progress = noProgress }: ReportOptions,
): Promise<RoundReport> {
  if (verdicts.donors.length !== given.donations.donorNames.length) {
    const what = `${verdicts.donors.length} verdicts for ${given.donations.donorNames.length} donors`;
    throw new SybilError("sybil/bad-setting", what);
  }
  const tables = { ...given, prices: new Map([...given.prices].map(([stamp, price]) => [stamp, price * priceFactor])) };
  const facts = await gatherFacts(tables, verdicts, naming, threads, (done, total) => {
    progress.update("matching pairs of donors", done, total);
  });
  const { settings, donations, rules } = tables;
  const { name, closedAt, pool, cap, scale, tax, flagFrom } = settings;
  const { labelled, raters, agreement } = verdicts.labels;
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
    heuristics: heuristicsSection(verdicts),
    model: modelSection(verdicts),
    labels: { labelled, raters, agreement: finite(agreement) },
    bands: bandsSection(facts),
    gate: gateSection(facts),
    groups: groupsSection(facts),
    costs: costsSection(facts, priceFactor),
    matching: matchingSection(facts, PAIRWISE_M),
    drift: null,
    caveats: caveatsSection(facts),
  };
  progress.update("sections of the report", 1, 1);
  return { result: previous === undefined ? result : { ...result, drift: driftSection(previous, result) }, facts };
}
