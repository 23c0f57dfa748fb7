// Runs a command under a Node that Hardhat supports, with the locked dependencies installed. Plain JavaScript without
// dependencies: on a fresh clone nothing else exists yet, and the Node that starts this file may be as old as 20.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const RUNTIME = "24"; // the Node that npm fetches when the running one is too old
const MINIMUM = [22, 13]; // what Hardhat 3 asks for

const script = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(script), "..");
const windows = process.platform === "win32";
/** What the last install left behind: the lock file's digest and the Node that made it. */
const stampFile = path.join(root, "node_modules", ".touchstone-install.json");

function isSupported() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

/** Runs a program to its end and returns its exit code; 128 + n after signal n, as shells have it. */
function run([program, ...args], { env = {}, cwd, shell = windows } = {}) {
  const { status, signal, error } = spawnSync(program, args, {
    stdio: "inherit",
    shell, // Windows knows npm and npx as .cmd files, which only a shell can start
    cwd,
    env: { ...process.env, ...env },
  });
  if (error) {
    console.error(`Cannot start ${program}: ${error.message}. Is npm on the PATH?`);
    return 1;
  }
  return signal === null ? (status ?? 1) : 128 + (signal === "SIGINT" ? 2 : 15);
}

/** An install is current when it was made from these very bytes. */
const lockDigest = () =>
  createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}

function isInstalled() {
  try {
    // An older Node's npm leaves the native package of Hardhat's network out: loading it is the only sure test.
    createRequire(path.join(root, "package.json"))("@nomicfoundation/edr");
    return readStamp().lock === lockDigest();
  } catch {
    return false;
  }
}

function install(env) {
  console.error("Installing the locked dependencies (once; about half a minute) ...");
  // `npm ci` refuses a lock that lacks another platform's native package; `npm install` keeps to the lock just the same.
  // Progress and messages go to stderr: stdout belongs to the command, which may print JSON.
  const args = ["install", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync("npm", args, {
    stdio: ["inherit", 2, 2],
    shell: windows,
    cwd: root,
    env: { ...process.env, ...env },
  });
  if (error || status !== 0) {
    console.error("npm could not install the dependencies (its message is above). Nothing was run.");
    return status || 1;
  }
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ lock: lockDigest(), node: process.execPath }));
  return 0;
}

/** Starts this file again under a newer Node: the one that made the last install, else one fetched through npm. */
function restart(command) {
  if (process.env.TOUCHSTONE_RUNTIME) {
    console.error(`Node ${MINIMUM.join(".")} or newer is needed and npm did not provide it; found ${process.version}.`);
    return 1;
  }
  const env = { TOUCHSTONE_RUNTIME: RUNTIME };
  const { node } = readStamp();
  if (node && existsSync(node)) return run([node, script, ...command], { env, shell: false });
  console.error(`Node ${process.version} is too old for Hardhat: fetching Node ${RUNTIME} through npm ...`);
  const npx = ["npx", "--prefer-offline", "--loglevel=error", "-y", "-p", `node@${RUNTIME}`, "node", script];
  return run([...npx, ...command], { env });
}

/** Runs `command` (a program from node_modules/.bin or the PATH, and its arguments); returns its exit code. */
export function bootstrap(command) {
  if (!isSupported()) return restart(command);
  const directories = [path.dirname(process.execPath), path.join(root, "node_modules", ".bin"), process.env.PATH];
  const env = { PATH: directories.join(path.delimiter) };
  return (isInstalled() ? 0 : install(env)) || run(command, { env });
}

if (process.argv[1] && realpathSync(process.argv[1]) === script) {
  const command = process.argv.slice(2);
  if (command.length === 0) {
    console.error("usage: node scripts/bootstrap.mjs COMMAND [ARGUMENT ...]");
    process.exitCode = 2;
  } else {
    process.exitCode = bootstrap(command);
  }
}
