// From a round to a proposed version of its scorer.
import { hashReport, versionDocument } from "../../scoring/rules/version-document.js";
import { noProgress, type Progress } from "../../shared/progress.js";
import type { AssessConfig } from "../assess.js";
import { SybilError } from "../errors.js";
import type { RoundTables } from "../round/round-tables.js";
import { tuningDocument, tuningReason, type LabelOrigin } from "./describe-tuning.js";
import { assessWithoutStamps, subjectsOf } from "./evidence/round-subjects.js";
import type { TuningGoal } from "./curve/trade-off.js";
import { tuneWeights, type Tuning } from "./tune-weights.js";

export interface TuneRoundRequest {
  readonly goal: TuningGoal;
  readonly leastCost?: number;
  readonly assess?: AssessConfig;
  /** SHA-256 of a report, 0x and 64 digits; that of the tuning's own document unless told. */
  readonly report?: string;
  /** Whether the document names donors whose verdict turns. */
  readonly naming?: boolean;
  readonly progress?: Progress;
}

export interface TunedRound {
  readonly tuning: Tuning;
  readonly labels: LabelOrigin;
  readonly reason: string;
  /** A `touchstone-scorer-version-v1` document: what `scorer version` takes. */
  readonly version: ReturnType<typeof versionDocument>;
  /** The tuning as JSON text, and the hash that names the report in the version. */
  readonly details: string;
  readonly report: string;
}

/** Tunes the scorer of a round. Throws as {@link tuneWeights} does, and `sybil/bad-setting` for a round without a scorer or stamps. */
export function tuneRound(tables: RoundTables, request: TuneRoundRequest): TunedRound {
  const { rules, prices, settings } = tables;
  if (rules === undefined) throw new SybilError("sybil/bad-setting", "the round names no scorer: nothing can be tuned");
  if (tables.stamps.every((held) => held.size === 0)) {
    throw new SybilError("sybil/bad-setting", "nobody in the round held a stamp: nothing can be tuned");
  }
  const { progress = noProgress } = request;
  progress.update("donors to assess", tables.stamps.length);
  const assessment = assessWithoutStamps(tables, request.assess);
  const subjects = subjectsOf(tables, assessment);
  const least = request.leastCost === undefined ? {} : { leastCost: request.leastCost };
  const tuning = tuneWeights({ subjects, rules, prices, goal: request.goal, progress, ...least });
  progress.finish();
  const labels: LabelOrigin = assessment.labels.source === "people" ? "people" : "rules";
  const document = tuningDocument(tuning, settings.name, labels, request.naming ?? false);
  const details = `${JSON.stringify(document, null, 2)}\n`;
  const report = request.report ?? hashReport(details);
  const reason = tuningReason(tuning, settings.name, labels, report);
  return { tuning, labels, reason, version: versionDocument(tuning.rules, reason, report), details, report };
}
