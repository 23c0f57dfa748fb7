// `npm run bench:sybil [-- --million] [--json FILE]`: nearest neighbours of the published round (where the data folder is there)
// and of generated donors, and pairs of names at distance 1. --million adds 1,000,000 donors. Each figure comes from a process of
// its own, whose peak of memory is shown.
import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

import { nearestDistancesInThreads } from "../../src/sybil/dna/donor-dna.js";
import { readDonors } from "../../src/sybil/dna/read-donors.js";
import { countNameMatches } from "../../src/sybil/names/name-features.js";
import { makeDonors, makeNames } from "./sybil/generate.js";

interface Measured {
  readonly subject: string;
  readonly rows: number;
  readonly milliseconds: number;
  /** Of all threads: on a busy machine the figure to compare. */
  readonly cpuMilliseconds: number;
  readonly rssMegabytes: number;
}

const self = fileURLToPath(import.meta.url);
const ROUND = path.resolve(process.env.TOUCHSTONE_DATA ?? path.join("..", "shared", "data"), "gr15/donor_dna.csv");
const RUNS = 3;

/** The fastest of a few runs: what others did at the same time only makes a run slower. */
async function measure(subject: string, rows: number): Promise<void> {
  const work = await prepare(subject, rows);
  let best = { milliseconds: Infinity, cpuMilliseconds: Infinity };
  for (let run = 0; run < (rows > 100_000 ? 1 : RUNS); run++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await work();
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    if (milliseconds < best.milliseconds) best = { milliseconds, cpuMilliseconds: (user + system) / 1_000 };
  }
  const rssMegabytes = process.resourceUsage().maxRSS / 1_024;
  console.log(JSON.stringify({ subject, rows, ...best, rssMegabytes } satisfies Measured));
}

async function prepare(subject: string, rows: number): Promise<() => unknown> {
  if (subject === "names") {
    const names = makeNames(rows);
    return () => countNameMatches(names);
  }
  const sets = subject === "round" ? await readDonors(ROUND) : makeDonors(rows);
  return () => nearestDistancesInThreads(sets, "jaccard", availableParallelism());
}

async function inChild(subject: string, rows: number): Promise<Measured> {
  const child = ["--import", "tsx", self, "--measure", subject, "--rows", String(rows)];
  const { stdout } = await promisify(execFile)(process.execPath, child);
  const measured = JSON.parse(stdout) as Measured;
  const { milliseconds, cpuMilliseconds, rssMegabytes } = measured;
  const figures = [milliseconds, cpuMilliseconds, rssMegabytes].map((value) => value.toFixed(0));
  console.log(
    `${subject}, ${rows.toLocaleString("en")}: ${figures[0]} ms (${figures[1]} of processor), ${figures[2]} MB`,
  );
  return measured;
}

const { values } = parseArgs({
  options: {
    measure: { type: "string" },
    rows: { type: "string" },
    million: { type: "boolean" },
    json: { type: "string" },
  },
});
if (values.measure !== undefined) {
  await measure(values.measure, Number(values.rows));
} else {
  const results: Measured[] = [];
  if (existsSync(ROUND)) results.push(await inChild("round", 39_957));
  else console.log("no published round: set TOUCHSTONE_DATA to the folder that holds gr15");
  for (const rows of [10_000, 100_000, ...(values.million === true ? [1_000_000] : [])]) {
    results.push(await inChild("donors", rows));
  }
  results.push(await inChild("names", 1_000_000));
  const report = { cpu: cpus()[0]?.model ?? "unknown", node: process.versions.node, results };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
