// Everything that must hold before a change lands, in the order in which it fails fastest. Contributors and CI run this.
import { spawnSync } from "node:child_process";

const steps = [
  ["format", "npm run format:check"],
  ["lint", "npm run lint"],
  ["build and types", "npm run typecheck"],
  ["repository rules", "npm run rules"],
  ["tests", "npm test"],
  ["gas", "npm run gas:check"],
  ["mutants", "npm run mutants"],
  ["walk-through", "npm start"],
];

const failed = [];
for (const [name, command] of steps) {
  const started = Date.now();
  console.log(`\n=== ${name}: ${command}`);
  const { status } = spawnSync(command, { stdio: "inherit", shell: true });
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  console.log(`=== ${name}: ${status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) console.error(`\nfailed: ${failed.join(", ")}`);
console.log(`${steps.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
