// Everything that must hold before a change lands, in the order in which it fails fastest. Contributors and CI run this.
import { spawn } from "node:child_process";

const steps = [
  ["format", "npm run format:check"],
  ["lint", "npm run lint"],
  ["build and types", "npm run typecheck"],
  ["repository rules", "npm run rules"],
  ["tests", "npm test"],
  ["gas", "npm run gas:check"],
  ["walk-through", "npm start"],
];
// The mutants work in copies of their own, beside all others, a quarter of them at a turn; `npm run mutants` tries all.
const beside = ["mutants", "npm run mutants -- turn"];

const failed = [];
let passed = 0;
/** Characters of a failed step that are said again at the end: a runner may show the last part of a long log only. */
const REPEATED = 6_000;

/** Runs a step; a quiet one says everything at its end, so that it does not stand between the lines of another. */
function run([name, command], quiet = false) {
  const started = Date.now();
  console.log(`\n=== ${name}: ${command}${quiet ? " (beside the others)" : ""}`);
  return new Promise((resolve) => {
    const child = spawn(command, { stdio: ["inherit", "pipe", "pipe"], shell: true });
    const output = [];
    const hear = (stream, chunk) => {
      output.push(chunk);
      if (!quiet) stream.write(chunk);
    };
    child.stdout.on("data", (chunk) => hear(process.stdout, chunk));
    child.stderr.on("data", (chunk) => hear(process.stderr, chunk));
    child.on("error", (error) => output.push(Buffer.from(String(error))));
    child.on("close", (status) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(0);
      const said = Buffer.concat(output).toString("utf8");
      if (quiet) process.stdout.write(`\n=== ${name} said:\n${said}`);
      console.log(`=== ${name}: ${status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
      if (status === 0) passed += 1;
      else failed.push({ name, said: failures(said) });
      resolve();
    });
  });
}

/** From where mocha lists its failures, or else the end. */
function failures(said) {
  const from = said.search(/^ {2}\d+ failing/m);
  return from < 0 ? said.slice(-REPEATED) : said.slice(from, from + REPEATED);
}

const mutants = run(beside, true);
for (const step of steps) await run(step);
await mutants;
for (const { name, said } of failed) console.error(`\n=== what ${name} said, from its first failure:\n${said}`);
if (failed.length > 0) console.error(`\nfailed: ${failed.map(({ name }) => name).join(", ")}`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
