// `npm run bench:tree`: the tree builder beside the libraries it is compatible with, in the same run.
//   bench:tree [--rows N] [--compare N] [--runs N] [--csv N] [--json FILE]
// --rows is our list (1,000,000), --compare the libraries' (they would take minutes for more), --csv N measures a list
// file of N rows to its root instead. Every figure comes from a process of its own; RSS is that process's peak.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

import { writeList } from "./tree/rows.js";
import { median, SUBJECTS, type Sample } from "./tree/subjects.js";

interface Measured extends Sample {
  readonly subject: string;
  readonly rows: number;
  /** By the median run. */
  readonly leavesPerSecond: number;
  readonly leavesPerCpuSecond: number;
  /** What the process took at most. */
  readonly rssMegabytes: number;
}

interface ChildReport extends Sample {
  readonly maxRss: number;
}

const self = fileURLToPath(import.meta.url);

async function measureHere(subject: string, rows: string, runs: number): Promise<void> {
  const measure = SUBJECTS[subject];
  if (measure === undefined) throw new Error(`unknown subject ${subject}`);
  const sample = await measure(rows, runs);
  console.log(JSON.stringify({ ...sample, maxRss: process.resourceUsage().maxRSS } satisfies ChildReport));
}

async function measureInChild(subject: string, rows: string, count: number, runs: number): Promise<Measured> {
  const child = ["--import", "tsx", self, "--measure", subject, "--rows", rows, "--runs", String(runs)];
  const { stdout } = await promisify(execFile)(process.execPath, child, { maxBuffer: 2 ** 24 });
  const { maxRss, ...sample } = JSON.parse(stdout) as ChildReport;
  const leavesPerSecond = (count / median(sample.milliseconds)) * 1000;
  const leavesPerCpuSecond = (count / median(sample.cpuMilliseconds)) * 1000;
  return { subject, rows: count, leavesPerSecond, leavesPerCpuSecond, rssMegabytes: maxRss / 1024, ...sample };
}

function print(results: readonly Measured[]): void {
  const columns = ["subject", "rows", "median ms", "leaves/s", "leaves/CPU s", "proof µs", "peak RSS MB"];
  const lines = results.map((result) => [
    result.subject,
    result.rows.toLocaleString("en"),
    median(result.milliseconds).toFixed(0),
    Math.round(result.leavesPerSecond).toLocaleString("en"),
    Math.round(result.leavesPerCpuSecond).toLocaleString("en"),
    result.proofMicroseconds?.toFixed(1) ?? "",
    result.rssMegabytes.toFixed(0),
  ]);
  for (const line of [columns, columns.map(() => "---"), ...lines]) console.log(`| ${line.join(" | ")} |`);
}

async function compareBuilders(rows: number, compared: number, runs: number): Promise<Measured[]> {
  const results: Measured[] = [];
  const add = async (subject: string, count: number, times: number) => {
    console.error(`measuring ${subject}, ${count.toLocaleString("en")} rows, ${times} runs ...`);
    results.push(await measureInChild(subject, String(count), count, times));
  };
  await add("own", rows, runs);
  await add("own", compared, runs);
  await add("openzeppelin", compared, Math.min(runs, 3));
  await add("merkletreejs-keccak256", compared, runs);
  await add("merkletreejs-hash-wasm", compared, runs);
  if (results[1]?.root !== results[2]?.root) throw new Error("the roots of own and openzeppelin differ");
  if (results[3]?.root !== results[4]?.root) throw new Error("the roots of merkletreejs differ by hash");
  return results;
}

async function measureList(rows: number): Promise<Measured[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "touchstone-bench-"));
  try {
    const list = path.join(folder, "list.csv");
    console.error(`writing a list of ${rows.toLocaleString("en")} rows ...`);
    writeList(list, rows);
    console.error("measuring list to root ...");
    return [await measureInChild("csv", list, rows, 1)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function printRatios(results: readonly Measured[]): void {
  for (const [unit, rate] of [
    ["wall time", (result: Measured) => result.leavesPerSecond],
    ["processor time", (result: Measured) => result.leavesPerCpuSecond],
  ] as const) {
    const [own = 0, , openZeppelin = 0, keccak256 = 0, hashWasm = 0] = results.map(rate);
    console.log(`\nby ${unit}:`);
    console.log(`  own / openzeppelin              ${(own / openZeppelin).toFixed(0)} x (goal 40)`);
    console.log(`  own / merkletreejs + keccak256  ${(own / keccak256).toFixed(1)} x (goal 5)`);
    console.log(`  own / merkletreejs + hash-wasm  ${(own / hashWasm).toFixed(1)} x (its fastest hash)`);
  }
}

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    compare: { type: "string", default: "100000" },
    runs: { type: "string", default: "5" },
    csv: { type: "string" },
    json: { type: "string", default: path.join("cache", "bench", "tree.json") },
    measure: { type: "string" },
  },
});

if (options.measure !== undefined) {
  await measureHere(options.measure, options.rows, Number(options.runs));
} else {
  const results =
    options.csv === undefined
      ? await compareBuilders(Number(options.rows), Number(options.compare), Number(options.runs))
      : await measureList(Number(options.csv));
  print(results);
  if (options.csv === undefined) printRatios(results);
  mkdirSync(path.dirname(options.json), { recursive: true });
  const machine = { cpu: cpus()[0]?.model, node: process.version };
  writeFileSync(options.json, `${JSON.stringify({ ...machine, results }, null, 2)}\n`);
}
