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
// The mutants work in copies of their own, beside all others, half of them at a turn; `npm run mutants` tries all.
const beside = ["mutants", "npm run mutants -- turn"];

const failed = [];
let passed = 0;

/** Runs a step; a quiet one says everything at its end, so that it does not stand between the lines of another. */
function run([name, command], quiet = false) {
  const started = Date.now();
  console.log(`\n=== ${name}: ${command}${quiet ? " (beside the others)" : ""}`);
  return new Promise((resolve) => {
    const stdio = quiet ? ["inherit", "pipe", "pipe"] : "inherit";
    const child = spawn(command, { stdio, shell: true });
    const output = [];
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => output.push(Buffer.from(String(error))));
    child.on("close", (status) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(0);
      if (quiet) process.stdout.write(`\n=== ${name} said:\n${Buffer.concat(output).toString("utf8")}`);
      console.log(`=== ${name}: ${status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
      if (status === 0) passed += 1;
      else failed.push(name);
      resolve();
    });
  });
}

const mutants = run(beside, true);
for (const step of steps) await run(step);
await mutants;
if (failed.length > 0) console.error(`\nfailed: ${failed.join(", ")}`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
