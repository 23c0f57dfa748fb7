import { readFile } from "node:fs/promises";
import path from "node:path";

import type { Progress } from "../../shared/progress.js";
import { assessRound, type AssessConfig } from "../assess.js";
import type { TokenSets } from "../dna/fingerprints.js";
import { parseRoundSummary } from "../drift.js";
import { SybilError } from "../errors.js";
import type { NearestByMetric } from "../features/compute-features.js";
import { donationDna } from "../features/donation-dna.js";
import { DEFAULT_HEURISTICS, parseHeuristics } from "../heuristics/parse-heuristics.js";
import { DEFAULT_MODEL } from "../model/fit-model.js";
import type { ReadPassports } from "../round/passports.js";
import { readRoundFolder } from "../round/read-round.js";
import { refuseExisting, writeReport } from "./output/write-report.js";
import { pseudonymous, type Naming } from "./pseudonyms.js";
import { reportRound } from "./report-round.js";
import { tuneForReport } from "./tune.js";
import { parseResult, type RoundResult } from "./result.js";

export interface ReportRun {
  /** A round's folder, or its document. */
  readonly place: string;
  readonly out: string;
  /** Replace a report that is there. */
  readonly force: boolean;
  readonly naming: Naming;
  /** Of the model's folds; the standard one unless told. */
  readonly seed: number | undefined;
  readonly priceFactor: number | undefined;
  readonly progress: Progress;
  /** Reads the database that a round names for its passports; a round that names one is refused unless told. */
  readonly passports?: ReadPassports | undefined;
  /** Finds the nearest donors by both metrics elsewhere: with the workers of a queue. In this process unless told. */
  readonly nearest?: ((sets: TokenSets) => Promise<NearestByMetric>) | undefined;
}

/** Reads a round, assesses it, and writes the report's folder; nothing is written where anything fails. */
export async function runReport(run: ReportRun): Promise<{ readonly result: RoundResult; readonly hash: string }> {
  const { place, out, force, naming, seed, priceFactor, progress } = run;
  await refuseExisting(out, force);
  progress.update("reading the round", 0, 1);
  const { tables, heuristics: configured, previous: last, notices } = await readRoundFolder(place, run.passports);
  const heuristics = configured === undefined ? DEFAULT_HEURISTICS : parseHeuristics(configured);
  const previous = last === undefined ? undefined : parseResult(last);
  const nearest = run.nearest === undefined ? undefined : await run.nearest(donationDna(tables.donations));
  progress.update("assessing donors", 0, 1);
  const config: AssessConfig = { heuristics, ...(seed === undefined ? {} : { model: { ...DEFAULT_MODEL, seed } }) };
  const assessment = assessRound(tables, {
    ...config,
    ...(nearest === undefined ? {} : { nearest }),
    ...(previous === undefined ? {} : { previous: parseRoundSummary(previous.summary) }),
  });
  const report = await reportRound(tables, assessment, {
    naming,
    rules: heuristics.rules,
    notices,
    ...(config.model === undefined ? {} : { model: config.model }),
    tune: () => {
      progress.update("tuning the scorer", 0, 1);
      return tuneForReport(tables, assessment, config);
    },
    previous,
    progress,
    ...(priceFactor === undefined ? {} : { priceFactor }),
  });
  const hash = await writeReport(out, report, { force, progress });
  progress.finish();
  return { result: report.result, hash };
}

/** Names, or pseudonyms whose salt is the bytes of a file, or a random one. Throws `sybil/unreadable` and `sybil/bad-setting`. */
export async function readNaming(names: boolean, saltFile: string | undefined): Promise<Naming> {
  if (names && saltFile !== undefined) {
    throw new SybilError(
      "sybil/bad-setting",
      "a report that names accounts needs no salt: give --names or --salt-file",
    );
  }
  if (names) return { kind: "names" };
  if (saltFile === undefined) return pseudonymous();
  try {
    return pseudonymous(await readFile(saltFile));
  } catch (cause) {
    if (cause instanceof SybilError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SybilError("sybil/unreadable", `${path.basename(saltFile)} cannot be read: ${reason}`, {}, { cause });
  }
}
