// Integration tests in two processes: each waits for others much of the time (databases, chains, services), and one after the other
// they take twice as long. What deploys through Ignition shares folders of journals, and stays in one process.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const FOLDER = "test/integration";
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => {
    const file = path.join(FOLDER, name);
    const text = readFileSync(file, "utf8");
    return { file, weight: text.length, deploys: /deploy\/deployments|ignition|deploymentId/.test(text) };
  })
  .sort((a, b) => b.weight - a.weight);

const lanes = [
  { files: [], weight: 0 },
  { files: [], weight: 0 },
];
// The deploying ones first, all into the first lane; then each to the lane that has less.
for (const { file, weight, deploys } of [...files.filter((f) => f.deploys), ...files.filter((f) => !f.deploys)]) {
  const lane = deploys || lanes[0].weight <= lanes[1].weight ? lanes[0] : lanes[1];
  lane.files.push(file);
  lane.weight += weight;
}

/** Runs a lane; the second says everything at its end, so that it does not stand between the lines of the first. */
function run({ files: own }, quiet) {
  return new Promise((resolve) => {
    const args = ["test", "mocha", "--no-compile", ...own.sort()];
    const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn("hardhat", args, { stdio, shell: process.platform === "win32" });
    const output = [];
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.on("close", (status) => {
      if (quiet) process.stdout.write(Buffer.concat(output));
      resolve(status ?? 1);
    });
  });
}

console.log(`integration tests: ${lanes.map((lane) => `${lane.files.length} files`).join(" and ")}, beside each other`);
const statuses = await Promise.all(lanes.map((lane, index) => run(lane, index > 0)));
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;
