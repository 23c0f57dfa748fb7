// Signed claims per second of one service process: HTTP, HMAC, limits, list, isClaimed on a real node, PostgreSQL (ledger,
// audit log, nonces, counters), signature. Each of the concurrent clients asks for users of its own from addresses of
// their own. Every answer's signature is verified after the run.
//
//   npm run bench:service [-- --claims 20000 --clients 200 --json FILE]
//
// PostgreSQL: TOUCHSTONE_TEST_DATABASE_URL, else postgres://postgres@127.0.0.1:5432/test; without a server PGlite.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { JsonRpcProvider, NonceManager } from "ethers";

import { claimDigest, claimDomain } from "../../src/claims/typed-data.js";
import { accountOfKey, recoverSigner } from "../../src/claims/signature.js";
import { buildAllocations } from "../../src/merkle/build-allocations.js";
import { parseBuildRequest } from "../../src/merkle/build-request.js";
import { openAllocations } from "../../src/merkle/open-allocations.js";
import { deployCampaign } from "../../test/support/campaign.js";
import { serviceEnvironment } from "../../test/support/claim-service.js";
import { engines } from "../../test/support/databases.js";
import { developmentWallet } from "../../test/support/development-wallet.js";
import { FRONTEND_SECRET, SIGNER_KEY } from "../../test/support/secrets.js";
import type { LoadReport, LoadRequest } from "./service-load.js";
import { freePort, untilAnswers } from "./service-process.js";

const { values } = parseArgs({
  options: {
    claims: { type: "string", default: "20000" },
    warmup: { type: "string", default: "4000" },
    clients: { type: "string", default: "200" },
    json: { type: "string" },
  },
});
const claims = Number(values.claims);
const warmup = Number(values.warmup);
const children: ChildProcess[] = [];
const cleanups: (() => Promise<unknown>)[] = [];

try {
  await main();
} finally {
  for (const child of children) child.kill();
  for (const cleanup of cleanups.reverse()) await cleanup();
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "touchstone-bench-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const list = await buildList(folder, claims + warmup);
  const rpcUrl = await startAnvil();
  const provider = new JsonRpcProvider(rpcUrl, undefined, { cacheTimeout: -1 });
  provider.pollingInterval = 50;
  const signer = accountOfKey(Buffer.from(SIGNER_KEY.slice(2), "hex")) as string;
  const book = await openAllocations(list);
  const campaign = await deployCampaign(new NonceManager(developmentWallet(0, provider)), book, { signer });
  provider.destroy();

  const engine = engines.at(-1) as (typeof engines)[number];
  const database = await engine.create();
  cleanups.push(() => database.drop());
  const port = await freePort();
  const environment = {
    ...serviceEnvironment(rpcUrl, campaign, database.environment),
    CLAIMS_PORT: String(port),
    CLAIMS_LIST: list,
    CLAIMS_POLL_MILLISECONDS: "1000",
    CLAIMS_LIMIT_USER: "10/60",
    CLAIMS_LIMIT_ADDRESS: "30/60",
    CLAIMS_LIMIT_GLOBAL: "1000000/60",
    CLAIMS_BREAKER_CLAIMS: "10000000",
  };
  await startService(environment, port);

  const url = `http://127.0.0.1:${port}`;
  const common = { url, secret: FRONTEND_SECRET, clients: Number(values.clients) };
  await runLoad({ ...common, firstUser: 1, claims: warmup });
  const spentBefore = await cpuSeconds(url);
  const report = await runLoad({ ...common, firstUser: 1 + warmup, claims });
  const cpuMicroseconds = (((await cpuSeconds(url)) - spentBefore) * 1e6) / claims;
  const domain = claimDomain(campaign.chainId, campaign.address);
  const wrong = report.signatures.filter(({ claim, signature }) => {
    const parsed = { ...claim, amount: BigInt(claim.amount), deadline: BigInt(claim.deadline) };
    const digest = Buffer.from(claimDigest(domain, parsed).slice(2), "hex");
    return recoverSigner(digest, Buffer.from(signature.slice(2), "hex")) !== signer;
  }).length;

  const { signatures: _signatures, ...figures } = report;
  const result = {
    ...figures,
    cpuMicroseconds,
    wrongSignatures: wrong,
    engine: engine.name,
    cores: cpus().length,
    cpu: cpus()[0]?.model,
  };
  console.log(`claims per second   ${result.perSecond.toFixed(0)} (goal: at least 1,000)`);
  console.log(
    `latency             p50 ${result.p50.toFixed(0)} ms, p99 ${result.p99.toFixed(0)} ms (goal: below 500 ms)`,
  );
  console.log(`service's own CPU   ${cpuMicroseconds.toFixed(0)} microseconds per claim`);
  console.log(`failures            ${result.failures} of ${claims}, ${wrong} wrong signatures (goal: 0)`);
  console.log(
    `with                ${engine.name}, anvil, ${values.clients} clients, ${result.cores} cores (${result.cpu})`,
  );
  if (result.failures > 0) console.log(`first failure       ${result.firstFailure}`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  if (result.failures > 0 || wrong > 0) process.exitCode = 1;
}

async function buildList(folder: string, users: number): Promise<string> {
  const file = path.join(folder, "list.csv");
  const out = path.join(folder, "list");
  const rows = Array.from({ length: users }, (_, index) => `${index + 1},${10n ** 18n + BigInt(index)}`);
  await writeFile(file, `user_id,amount\n${rows.join("\n")}\n`);
  const none = { funding: "", columns: "", exclude: "", dump: false, shards: "", shardBy: "user" };
  await buildAllocations(
    parseBuildRequest({ list: file, out, unit: "wei", ids: "column", format: "standard-v1", ...none }),
  );
  return out;
}

async function startAnvil(): Promise<string> {
  const port = await freePort();
  const child = spawn("anvil", ["--port", String(port), "--silent", "--block-time", "2"], { stdio: "ignore" });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url, child);
  return url;
}

async function startService(environment: Record<string, string>, port: number): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", "src/bin/claim-service.ts"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...environment },
  });
  children.push(child);
  await untilAnswers(`http://127.0.0.1:${port}/health`, child);
}

/** What the service's process has used so far: unlike its speed, it hardly depends on what else the machine does. */
async function cpuSeconds(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^touchstone_process_cpu_seconds_total (\S+)/m.exec(text)?.[1] ?? Number.NaN);
}

/** The clients live in a process of their own, so that their work does not delay the measured answers' arrival here. */
function runLoad(request: LoadRequest): Promise<LoadReport> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/bench/service-load.ts"], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once("message", (report) => resolve(report as LoadReport));
    child.once("exit", (code) => reject(new Error(`the load generator ended with exit code ${code}`)));
    child.send(request);
  });
}
