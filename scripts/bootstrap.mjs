// Runs a command under a Node that Hardhat supports, with the locked dependencies installed. Plain JavaScript without
// dependencies: on a fresh clone nothing else exists yet, and the Node that starts this file may be as old as 20.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const RUNTIME = "24"; // the Node that npm fetches when the running one is too old
const MINIMUM = [22, 13]; // what Hardhat 3 asks for

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const windows = process.platform === "win32";

function isSupported() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

function run([program, ...args], environment = {}) {
  // Windows resolves npm and npx as .cmd files, which only a shell can start.
  const { status, signal, error } = spawnSync(program, args, {
    stdio: "inherit",
    shell: windows,
    env: { ...process.env, ...environment },
  });
  if (error) {
    console.error(`Cannot start ${program}: ${error.message}. Is npm on the PATH?`);
    return 1;
  }
  return signal === null ? (status ?? 1) : 1;
}

/** The lock file's digest: an install is current when it was made from these very bytes. */
const lockDigest = () =>
  createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
const stamp = path.join(root, "node_modules", ".touchstone-install");

function isInstalled() {
  try {
    // An older Node's npm leaves the native package of Hardhat's network out: loading it is the only sure test.
    createRequire(path.join(root, "package.json"))("@nomicfoundation/edr");
    return readFileSync(stamp, "utf8") === lockDigest();
  } catch {
    return false;
  }
}

function install(environment) {
  console.error("Installing the locked dependencies (once; about half a minute) ...");
  // `npm ci` refuses a lock that lacks another platform's native package; `npm install` keeps to the lock just the same.
  const status = run(["npm", "install", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], environment);
  if (status !== 0) {
    console.error("npm could not install the dependencies; its message is above. Nothing was run.");
    return status;
  }
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, lockDigest());
  return 0;
}

function main(command) {
  if (command.length === 0) {
    console.error("usage: node scripts/bootstrap.mjs COMMAND [ARGUMENT ...]");
    return 2;
  }
  if (!isSupported()) {
    if (process.env.TOUCHSTONE_RUNTIME) {
      console.error(
        `Node ${MINIMUM.join(".")} or newer is needed and npm could not provide it; found ${process.version}.`,
      );
      return 1;
    }
    console.error(`Node ${process.version} is too old for Hardhat; running under Node ${RUNTIME} from npm ...`);
    const newer = ["npx", "--prefer-offline", "-y", "-p", `node@${RUNTIME}`, "node", fileURLToPath(import.meta.url)];
    return run([...newer, ...command], { TOUCHSTONE_RUNTIME: RUNTIME });
  }
  const PATH = [path.dirname(process.execPath), path.join(root, "node_modules", ".bin"), process.env.PATH].join(
    path.delimiter,
  );
  return (isInstalled() ? 0 : install({ PATH })) || run(command, { PATH });
}

process.exitCode = main(process.argv.slice(2));
