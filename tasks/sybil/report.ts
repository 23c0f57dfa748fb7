import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { nearestByMetricQueued } from "../../src/bin/sybil/nearest-queued.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { readNaming, runReport } from "../../src/sybil/report/run-report.js";
import { parseNumber, required } from "../options.js";
import { printResult } from "../output.js";
import { parseAmount } from "../qf/amount.js";
import { run } from "../run.js";
import { roundPassports, serverUrl } from "./database.js";

interface ReportArguments {
  place: string;
  out: string | undefined;
  names: boolean;
  saltFile: string | undefined;
  seed: string | undefined;
  priceFactor: string | undefined;
  database: string | undefined;
  blocks: string | undefined;
  force: boolean;
  json: boolean;
}

const report: NewTaskActionFunction<ReportArguments> = async (
  { place, out: given, names, saltFile, json, ...options },
  hre,
) =>
  run(async () => {
    const out = required(given, "--out");
    const { force, seed, priceFactor } = options;
    const database = options.database === undefined ? undefined : serverUrl(options.database, "--database");
    if (database === undefined && options.blocks !== undefined) required(undefined, "--database");
    const blocks = options.blocks === undefined ? {} : { blocks: Number(parseNumber(options.blocks, "--blocks")) };
    const progress = terminalProgress();
    const show = (done: number) => progress.update("distinct donors", done);
    const { result, hash } = await runReport({
      place,
      out,
      force,
      naming: await readNaming(names, saltFile),
      seed: seed === undefined ? undefined : Number(parseNumber(seed, "--seed")),
      priceFactor: priceFactor === undefined ? undefined : parseAmount(priceFactor, "--price-factor"),
      progress,
      passports: roundPassports(hre),
      nearest:
        database === undefined
          ? undefined
          : (sets) => nearestByMetricQueued(sets, { database, progress: show, ...blocks }),
    });
    const { flagged, clusters, alone } = result.accounts;
    printResult(json, { out, hash, donors: flagged.count, flagged: flagged.hits, clusters: clusters.length }, [
      `${flagged.hits} of ${flagged.count} donors are flagged, ${alone.length} of them in no cluster; a flag is a reason to look, not proof`,
      `The report is ${out}/report.html; ${out}/private names accounts and stays with you`,
      `SHA-256 of result.json: ${hash}`,
    ]);
  });

export default report;
