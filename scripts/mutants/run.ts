// Puts each fault of the audit checklist back into the contracts, one at a time, and runs the test that is named after it:
// a test that still passes is worth nothing. Works in copies, a few at a time; the repository itself is never changed.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { certificatesMutants } from "./certificates.js";
import { distributorMutants } from "./distributor.js";
import { governanceMutants } from "./governance.js";
import type { Mutant } from "./mutant.js";
import { registryMutants } from "./registry.js";
import { tokenMutants } from "./token.js";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
/** How many copies are tried at a time. */
const WORKERS = Number(process.env["MUTANT_WORKERS"] ?? 2);

/** Rows of the checklist and the mutants that stand for them; add a table for another area here. */
const MUTANTS: readonly Mutant[] = [
  ...certificatesMutants,
  ...distributorMutants,
  ...governanceMutants,
  ...registryMutants,
  ...tokenMutants,
];

// Only what the named tests import is compiled: the sources' folder is empty. Few fuzz runs are enough for a fault.
const CONFIG = `
import { createRequire } from "node:module";
import { defineConfig } from "hardhat/config";
const solc = { version: "0.8.37", path: createRequire(import.meta.url).resolve("solc/soljson.js") };
export default defineConfig({
  paths: { sources: "none", tests: { solidity: "test/contracts" } },
  solidity: { profiles: { default: { ...solc, settings: { evmVersion: "osaka", optimizer: { enabled: false } } } } },
  test: {
    solidity: {
      fsPermissions: { readDirectory: ["test/vectors"] },
      fuzz: { runs: 16, seed: "0x01" },
      invariant: { runs: 16, depth: 50, failOnRevert: true },
    },
  },
});
`;

interface Outcome {
  readonly mutant: Mutant;
  readonly verdict: "killed" | "SURVIVED" | "ERROR";
  readonly detail: string;
  readonly seconds: number;
}

/** A check tries one of so many parts, and the next commit's check the next one: the check stays short, and four try everything. */
const TURNS = 4;

/** Which part has its turn. */
function turn(): number {
  const { stdout } = spawnSync("git", ["rev-list", "--count", "HEAD"], { cwd: ROOT, encoding: "utf8" });
  return Number(stdout ?? 0) % TURNS;
}

/** A folder with the contracts and tests, in which Hardhat runs as in the repository. */
function workspace(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "touchstone-mutants-"));
  for (const part of ["contracts", "test/contracts", "test/vectors"]) {
    cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  }
  mkdirSync(path.join(folder, "none"));
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  writeFileSync(path.join(folder, "hardhat.config.js"), CONFIG);
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module", "private": true }\n');
  return folder;
}

function runTest(folder: string, files: readonly string[], test: string): Promise<string> {
  const cli = path.join(folder, "node_modules/hardhat/dist/src/cli.js");
  const paths = files.map((file) => `test/contracts/${file}`);
  const args = [cli, "test", "solidity", ...paths, "--grep", test];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, FORCE_COLOR: "0" } });
    let output = "";
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
}

/** What became of `test`: the report's line decides, so that a compile error never passes for a failing test. */
function readReport(output: string, test: string): "passed" | "failed" | "unknown" {
  if (new RegExp(`^\\s+✔ ${test}\\(`, "mu").test(output)) return "passed";
  if (new RegExp(`^\\s+\\d+\\) ${test}\\(`, "mu").test(output)) return "failed";
  return "unknown";
}

function withEdits(source: string, mutant: Mutant, file: string): string {
  return mutant.edits
    .filter((edit) => edit.file === file)
    .reduce((text, { from, to }) => {
      const found = text.split(from).length - 1;
      if (found !== 1) throw new Error(`${file}: "${from.trim()}" occurs ${found} times, not once`);
      return text.replace(from, () => to);
    }, source);
}

async function judge(folder: string, mutant: Mutant): Promise<Outcome> {
  const started = Date.now();
  const finish = (verdict: Outcome["verdict"], detail = "") => ({
    mutant,
    verdict,
    detail,
    seconds: (Date.now() - started) / 1000,
  });
  const files = [...new Set(mutant.edits.map(({ file }) => file))];
  const originals = new Map(files.map((file) => [file, readFileSync(path.join(ROOT, file), "utf8")]));
  try {
    for (const [file, source] of originals) {
      writeFileSync(path.join(folder, file), withEdits(source, mutant, file));
    }
    const output = await runTest(folder, mutant.files, mutant.test);
    const result = readReport(output, mutant.test);
    if (result === "failed") return finish("killed");
    if (result === "passed") return finish("SURVIVED", "the test passes with the fault");
    return finish("ERROR", output.trim().split("\n").slice(0, 12).join("\n"));
  } catch (error) {
    return finish("ERROR", error instanceof Error ? error.message : String(error));
  } finally {
    for (const [file, source] of originals) writeFileSync(path.join(folder, file), source);
  }
}

/** The tests must pass before a fault is put in: otherwise their failure would prove nothing. */
async function checkUnmutated(folder: string, mutants: readonly Mutant[]): Promise<string[]> {
  const { files } = mutants[0]!;
  const tests = [...new Set(mutants.map(({ test }) => test))];
  const output = await runTest(folder, files, tests.join("|"));
  const failing = tests.filter((test) => readReport(output, test) !== "passed");
  return failing.map(
    (test) => `${test} does not pass unmutated:\n${output.trim().split("\n").slice(0, 30).join("\n")}`,
  );
}

/** Runs `jobs` with one worker per folder, in order. */
async function inParallel<T>(folders: readonly string[], jobs: readonly ((folder: string) => Promise<T>)[]) {
  const queue = jobs.entries();
  const results: T[] = [];
  await Promise.all(
    folders.map(async (folder) => {
      for (const [index, job] of queue) results[index] = await job(folder);
    }),
  );
  return results;
}

async function main(): Promise<number> {
  const [first, ...rest] = process.argv.slice(2);
  const wanted = first === undefined || first === "turn" ? rest : [first, ...rest]; // rows or tests; everything without any
  const mutants = MUTANTS.filter(
    ({ row, test }, index) =>
      (wanted.length === 0 || wanted.includes(row) || wanted.includes(test)) &&
      (first !== "turn" || index % TURNS === turn()),
  );
  const started = Date.now();
  const folders = Array.from({ length: WORKERS }, workspace);
  try {
    const compilations = [...new Set(mutants.map(({ files }) => files.join(" ")))];
    const groups = compilations.map((files) => mutants.filter((mutant) => mutant.files.join(" ") === files));
    console.log(`${mutants.length} mutants; first, their tests without them`);
    const faults = (
      await inParallel(
        folders,
        groups.map((group) => (folder) => checkUnmutated(folder, group)),
      )
    ).flat();
    if (faults.length > 0) {
      console.error(faults.join("\n"));
      return 1;
    }
    const outcomes = await inParallel(
      folders,
      mutants.map((mutant) => async (folder) => report(await judge(folder, mutant))),
    );
    const bad = outcomes.filter(({ verdict }) => verdict !== "killed");
    console.log(
      `\n${outcomes.length - bad.length} of ${outcomes.length} killed in ${Math.round((Date.now() - started) / 1000)} s`,
    );
    for (const { mutant, verdict, detail } of bad) console.error(`${verdict} ${mutant.row} ${mutant.test}: ${detail}`);
    return bad.length === 0 && outcomes.length > 0 ? 0 : 1;
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}

function report(outcome: Outcome): Outcome {
  const { mutant, verdict, seconds } = outcome;
  console.log(
    `${verdict.padEnd(8)} ${mutant.row.padEnd(4)} ${mutant.fault.padEnd(46)} ${mutant.test} (${seconds.toFixed(1)} s)`,
  );
  return outcome;
}

process.exitCode = await main();
