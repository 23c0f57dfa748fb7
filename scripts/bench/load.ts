// The load that the existing service failed: virtual users who sign in, submit stamps four times and read their score, with time
// to think between requests. The service is a process of its own on PostgreSQL; the users live here. Everybody is somebody new
// with credentials that were never seen, so no cache helps.
//
//   npm run bench:load [-- --minutes 10 --users 1000 --think 2 --stamps 1-6 --json FILE]
//
// PostgreSQL: TOUCHSTONE_TEST_DATABASE_URL, else postgres://postgres@127.0.0.1:5432/test. Other PASSPORT_ settings of the
// environment reach the service.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { sql } from "kysely";

import { DatabaseApiKeyStore } from "../../src/database/api-key-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import { DEFAULT_RULES } from "../../src/scoring/rules/default-rules.js";
import { rulesDocument } from "../../src/scoring/rules/scorer-rules.js";
import { ApiKeys } from "../../src/scoring/service/api-keys.js";
import { systemClock } from "../../src/shared/clock.js";
import { engines } from "../../test/support/databases.js";
import { People } from "./load/people.js";
import { runUsers, STEPS, VISIT } from "./load/users.js";
import { freePort, untilAnswers } from "./service-process.js";
import { randomBytes } from "node:crypto";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    users: { type: "string", default: "1000" },
    think: { type: "string", default: "2" },
    stamps: { type: "string", default: "1-6" },
    json: { type: "string" },
    /** Node's own options for the service, such as --cpu-prof. */
    node: { type: "string", default: "" },
  },
});
const users = Number(values.users);
const think = Number(values.think) * 1000;
const duration = Number(values.minutes) * 60_000;
const [least = 1, most = least] = values.stamps.split("-").map(Number);
const cleanups: (() => Promise<unknown> | void)[] = [];

try {
  await main();
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
}

async function main(): Promise<void> {
  const engine = engines.at(-1);
  if (engine?.name !== "PostgreSQL") throw new Error("this benchmark needs a PostgreSQL server");
  const visit = VISIT * think;
  const visits = think === 0 ? 500 : (visit + duration) / visit + 2;
  const people = new People(Math.ceil(users * visits), { least, most }, [...DEFAULT_RULES.weights.keys()]);
  const preparing = performance.now();
  const credentials = await people.prepare();
  const prepared = ((performance.now() - preparing) / 1000).toFixed(0);
  console.log(`prepared            ${people.count} people, ${credentials} credentials, in ${prepared} s`);

  const folder = await mkdtemp(path.join(tmpdir(), "touchstone-load-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const issuers = path.join(folder, "issuers.json");
  const trusted = { format: "touchstone-issuers-v1", issuers: [{ did: people.issuer }] };
  await writeFile(issuers, JSON.stringify(trusted));
  const database = await engine.create();
  cleanups.push(() => database.drop());
  const db = await openDatabase(database.location);
  const keys = new ApiKeys({ store: new DatabaseApiKeyStore(db), clock: systemClock, randomBytes });
  const { text: key } = await keys.create("load", ["operator"], null);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await startService(url, {
    ...database.environment,
    PASSPORT_PORT: String(port),
    PASSPORT_CHAIN_ID: "1",
    PASSPORT_ISSUERS: issuers,
    PASSPORT_SESSION_SECRET: randomBytes(32).toString("hex"),
    PASSPORT_TRUSTED_PROXIES: "127.0.0.1/32",
  });
  const rules = rulesDocument(DEFAULT_RULES);
  const made = await fetch(`${url}/v1/scorers`, {
    method: "POST",
    headers: { "x-api-key": key },
    body: JSON.stringify({ name: "load", reason: "load", rules }),
  });
  const { id: scorer } = (await made.json()) as { id: number };

  let before = { service: 0, generator: 0, machine: machineTime() };
  const measure = async () => ({
    service: await cpuSeconds(url),
    generator: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
    machine: machineTime(),
  });
  const figures = await runUsers(people, {
    ...{ url, scorer, users, think, arrival: visit, duration },
    onMeasuring: () => void measure().then((start) => (before = start)),
  });
  const after = await measure();
  const stored = await sql<{ count: number }>`select count(*) as count from stamps`.execute(db);
  const lost = figures.acknowledged - (stored.rows[0]?.count ?? 0);
  await db.destroy();
  await stopService(child);

  const failed = [...figures.failures.values()].reduce((sum, count) => sum + count, 0);
  const requests = figures.succeeded + failed;
  const steps = Object.fromEntries(STEPS.map((step) => [step, percentiles(figures.latencies[step])]));
  const all = percentiles(STEPS.flatMap((step) => figures.latencies[step]));
  const busy = after.machine.busy - before.machine.busy;
  const result = {
    format: "touchstone-load-v1",
    users,
    thinkSeconds: think / 1000,
    minutes: duration / 60_000,
    stamps: values.stamps,
    requests,
    perSecond: figures.succeeded / figures.seconds,
    success: requests === 0 ? 0 : figures.succeeded / requests,
    failures: Object.fromEntries(figures.failures),
    acknowledgedStamps: figures.acknowledged,
    lostStamps: Math.max(0, lost),
    all,
    steps,
    serviceCpuMilliseconds: ((after.service - before.service) * 1000) / requests,
    generatorCpuMilliseconds: ((after.generator - before.generator) * 1000) / requests,
    machineBusy: busy / (after.machine.all - before.machine.all),
    engine: engine.name,
    cores: cpus().length,
    cpu: cpus()[0]?.model,
  };
  console.log(`successful requests ${result.perSecond.toFixed(1)} a second (goal: at least 400), of ${requests}`);
  console.log(
    `success             ${(result.success * 100).toFixed(3)} % (goal: 100 %), ${result.lostStamps} stamps lost`,
  );
  for (const [reason, count] of figures.failures) console.log(`  ${count} × ${reason}`);
  console.log("milliseconds        p50 / p95 / p99 / slowest (goal: p99 below 1,000)");
  for (const [step, { p50, p95, p99, slowest, count }] of Object.entries({ ...steps, all })) {
    const times = [p50, p95, p99, slowest].map((time) => time.toFixed(0)).join(" / ");
    console.log(`  ${step.padEnd(17)} ${times}, ${count} requests`);
  }
  const [service, generator] = [result.serviceCpuMilliseconds, result.generatorCpuMilliseconds];
  console.log(
    `processor           ${service.toFixed(2)} ms of the service and ${generator.toFixed(2)} ms of the users per request;`,
  );
  console.log(`                    the machine was ${(result.machineBusy * 100).toFixed(0)} % busy`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  if (failed > 0 || lost > 0) process.exitCode = 1;
}

async function startService(url: string, environment: Record<string, string>): Promise<ChildProcess> {
  const options = values.node === "" ? [] : values.node.split(" ");
  const child = spawn(process.execPath, [...options, "--import", "tsx", "src/bin/passport-service.ts"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...environment },
  });
  cleanups.push(() => stopService(child));
  await untilAnswers(`${url}/health`, child);
  return child;
}

async function stopService(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

function percentiles(latencies: readonly number[]) {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), slowest: at(1) };
}

/** Milliseconds of all cores. */
function machineTime(): { busy: number; all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const total = Object.values(times).reduce((sum, time) => sum + time, 0);
    all += total;
    busy += total - times.idle;
  }
  return { busy, all };
}

async function cpuSeconds(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^touchstone_process_cpu_seconds_total (\S+)/m.exec(text)?.[1] ?? Number.NaN);
}
