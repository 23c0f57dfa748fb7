import { readFile } from "node:fs/promises";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { hashReport } from "../../src/scoring/rules/version-document.js";
import { DomainError } from "../../src/shared/errors.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { parseHeuristics } from "../../src/sybil/heuristics/parse-heuristics.js";
import { readRoundFolder } from "../../src/sybil/round/read-round.js";
import { writeDocument } from "../../src/sybil/tables/write-document.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { describeTuning } from "../../src/sybil/tuning/describe-tuning.js";
import { CURVE_COLUMNS, curveRows, priceCurve, thinCurve } from "../../src/sybil/tuning/curve/trade-off-table.js";
import { tuneRound } from "../../src/sybil/tuning/tune-round.js";
import { required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { roundPassports } from "./database.js";

interface TuneArguments {
  directory: string;
  out: string | undefined;
  include: string | undefined;
  penetration: string | undefined;
  leastCost: string | undefined;
  curve: string | undefined;
  details: string | undefined;
  report: string | undefined;
  naming: boolean;
  json: boolean;
}

const tune: NewTaskActionFunction<TuneArguments> = async (given, hre) =>
  run(async () => {
    const out = required(given.out, "--out");
    const include = decimal(given.include, "--include");
    const least = decimal(given.leastCost, "--least-cost");
    // A tenth of the Sybils, unless something else is asked for.
    const penetration = decimal(given.penetration ?? (include === undefined ? "0.1" : undefined), "--penetration");
    const named = given.report === undefined ? undefined : await readReportHash(given.report);
    const { tables, heuristics } = await readRoundFolder(given.directory, roundPassports(hre));
    const tuned = tuneRound(tables, {
      goal: { ...(include === undefined ? {} : { include }), ...(penetration === undefined ? {} : { penetration }) },
      naming: given.naming,
      progress: terminalProgress(),
      ...(least === undefined ? {} : { leastCost: least }),
      ...(named === undefined ? {} : { report: named }),
      ...(heuristics === undefined ? {} : { assess: { heuristics: parseHeuristics(heuristics) } }),
    });
    const { tuning, reason, report, details, version } = tuned;
    if (given.details !== undefined) await writeDocument(given.details, details);
    if (given.curve !== undefined) {
      const curve = thinCurve(tuning.curve, tuning.rules.threshold);
      await writeTable(given.curve, CURVE_COLUMNS, curveRows(priceCurve(curve, tuning.rules.weights, tables.prices)));
    }
    await writeDocument(out, `${JSON.stringify(version, null, 2)}\n`);
    const facts = { out, report, reason, tuning: JSON.parse(details) as unknown };
    printResult(given.json, facts, [
      ...describeTuning(tuning),
      `The proposed version is in ${out}, for: hardhat scorer version SCORER ${out}`,
      `  because: ${reason}`,
    ]);
  });

function decimal(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text);
  throw new DomainError("tasks/bad-number", `${option} must be a decimal number from 0, not "${text}".`, { option });
}

/** A SHA-256, with or without 0x as `result.sha256` has it, or that of a file. */
async function readReportHash(given: string): Promise<string> {
  const [, digits] = /^(?:0x)?([0-9a-f]{64})$/.exec(given) ?? [];
  if (digits !== undefined) return `0x${digits}`;
  try {
    return hashReport(await readFile(given));
  } catch (cause) {
    const message = `--report is neither a SHA-256 (64 digits) nor a file that can be read: ${given}`;
    throw new DomainError("tasks/unreadable-file", message, { given }, { cause });
  }
}

export default tune;
