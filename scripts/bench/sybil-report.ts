// `npm run bench:sybil-report [-- --donors N] [--json FILE]`: the whole report of a generated round of the published round's size,
// from its tables on disk to the folder, stage by stage.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { assessRound } from "../../src/sybil/assess.js";
import { parseFarms } from "../../src/sybil/generate/farms/parse-farms.js";
import { generateRound } from "../../src/sybil/generate/generate-round.js";
import { writeGeneratedRound } from "../../src/sybil/generate/write-round.js";
import { writeReport } from "../../src/sybil/report/output/write-report.js";
import { pseudonymous } from "../../src/sybil/report/pseudonyms.js";
import { reportRound } from "../../src/sybil/report/report-round.js";
import { tuneForReport } from "../../src/sybil/report/tune.js";
import { readRoundFolder } from "../../src/sybil/round/read-round.js";

const { values } = parseArgs({ options: { donors: { type: "string" }, json: { type: "string" } } });
const donors = Number(values.donors ?? 40_000);
const projects = 1_500;
const farms = ["collector", "names", "funding", "copy", "rental", "staking"].map((kind) => `${kind}:${donors / 80}`);
const folder = mkdtempSync(path.join(tmpdir(), "touchstone-bench-"));
const stages: { stage: string; milliseconds: number; cpuMilliseconds: number }[] = [];

async function timed<Result>(stage: string, work: () => Result | Promise<Result>): Promise<Result> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  const figures = { stage, milliseconds: performance.now() - start, cpuMilliseconds: (user + system) / 1_000 };
  console.log(`${stage}: ${figures.milliseconds.toFixed(0)} ms (${figures.cpuMilliseconds.toFixed(0)} of processor)`);
  stages.push(figures);
  return result;
}

try {
  const round = path.join(folder, "round");
  await writeGeneratedRound(
    round,
    generateRound({ seed: 1, donors, projects, labels: 600, farms: parseFarms(farms.join()) }),
  );
  const { tables } = await timed("read", () => readRoundFolder(round));
  const assessment = await timed("assess", () => assessRound(tables));
  const naming = pseudonymous();
  // Both at once, as the task does: the pairs are matched in threads.
  const tune = () => tuneForReport(tables, assessment, {});
  const report = await timed("match", () => reportRound(tables, assessment, { naming, tune }));
  await timed("write", () => writeReport(path.join(folder, "report"), report));
  const sum = (of: "milliseconds" | "cpuMilliseconds") => stages.reduce((total, stage) => total + stage[of], 0);
  const whole = { milliseconds: sum("milliseconds"), cpuMilliseconds: sum("cpuMilliseconds") };
  const rssMegabytes = process.resourceUsage().maxRSS / 1_024;
  console.log(`together: ${whole.milliseconds.toFixed(0)} ms, ${rssMegabytes.toFixed(0)} MB`);
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: availableParallelism(), node: process.versions.node };
  const size = { donors, projects, donations: tables.donations.amounts.length };
  const found = { ...machine, ...size, stages, ...whole, rssMegabytes };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(found, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
