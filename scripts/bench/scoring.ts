// `tsx scripts/bench/scoring.ts [passports] [threads]`: the pure part of a full rescore, from flat memory: de-duplicate and score
// passports of ten stamps each under the default rules. The stamps of a passport sit side by side; links are settled in one
// thread, because their order decides, and scores are computed by several over shared memory.
import { randomFillSync } from "node:crypto";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

import { compileRules } from "../../src/scoring/rules/compile.js";
import { DEFAULT_RULES } from "../../src/scoring/rules/default-rules.js";
import { ScoreKernel } from "../../src/scoring/rules/kernel.js";
import { FlatLinks } from "../../src/scoring/rules/links/flat-links.js";
import { rulesDocument } from "../../src/scoring/rules/scorer-rules.js";
import { parseRules } from "../../src/scoring/rules/parse-rules.js";

const STAMPS = 10;
const NOW = 1_800_000_000;

interface Job {
  readonly label: string;
  readonly gated: boolean;
  readonly from: number;
  readonly to: number;
  readonly providers: Uint16Array;
  readonly expiries: Float64Array;
  readonly refused: Uint8Array;
  readonly sums: Float64Array;
  readonly ends: Float64Array;
}

/** The default rules, bare or with a cap on every group, diminishing returns and a gate. */
function scorer(gated: boolean) {
  if (!gated) return compileRules(DEFAULT_RULES);
  const document = rulesDocument(DEFAULT_RULES);
  const groups = Object.entries(document.groups as Record<string, object>).map(([name, group]) => [
    name,
    { ...group, cap: "12", diminishing: [10_000, 7_500, 5_000] },
  ]);
  const gate = "count(government-id) >= 1 or count(all) >= 5 or has(Google)";
  return compileRules(parseRules({ ...document, groups: Object.fromEntries(groups), gate }));
}

function scoreRange({ gated, from, to, providers, expiries, refused, sums, ends }: Job): number {
  const kernel = new ScoreKernel(scorer(gated));
  const stamps = { providers, expiries, refused };
  let passing = 0;
  for (let passport = from; passport < to; passport++) {
    kernel.score(stamps, passport * STAMPS, (passport + 1) * STAMPS, NOW);
    sums[passport] = kernel.sum;
    ends[passport] = kernel.flipsAt;
    if (kernel.passing) passing += 1;
  }
  return passing;
}

async function inThreads(job: Omit<Job, "from" | "to">, passports: number, threads: number): Promise<number> {
  const share = Math.ceil(passports / threads);
  const counts = Array.from({ length: threads }, (_, index) => {
    const range = { ...job, from: index * share, to: Math.min(passports, (index + 1) * share) };
    const worker = new Worker(new URL(import.meta.url), { workerData: range });
    return new Promise<number>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

const shared = (bytes: number) => new SharedArrayBuffer(bytes);

/** Time on the clock and on the processors: on a busy machine the second is the one to compare. */
function stopwatch(): () => string {
  const start = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return `${((performance.now() - start) / 1000).toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of processor)`;
  };
}

async function main(): Promise<void> {
  const passports = Number(process.argv[2] ?? 1_000_000);
  const threads = Number(process.argv[3] ?? 2);
  const total = passports * STAMPS;
  const names = compileRules(DEFAULT_RULES).providers.length;
  const flat = {
    providers: new Uint16Array(shared(total * 2)),
    expiries: new Float64Array(shared(total * 8)),
    refused: new Uint8Array(shared(total)),
    sums: new Float64Array(shared(passports * 8)),
    ends: new Float64Array(shared(passports * 8)),
  };
  const keys = new Uint8Array(total * 32);
  for (let at = 0; at < keys.length; at += 2 ** 30) randomFillSync(keys, at, Math.min(2 ** 30, keys.length - at));
  // A fixed mix: ten different providers each, one stamp in fifty a copy of somebody else's, expiries over 90 days.
  let state = 1;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  for (let stamp = 0; stamp < total; stamp++) {
    const place = stamp % STAMPS;
    flat.providers[stamp] = (Math.floor(stamp / STAMPS) * 7 + place * 5) % names;
    flat.expiries[stamp] = NOW - 86_400 + (random() % 7_776_000);
    if (stamp > 1000 && random() % 50 === 0) {
      const other = random() % stamp;
      keys.copyWithin(stamp * 32, other * 32, other * 32 + 32);
    }
  }
  console.log(
    `Node ${process.version}, ${threads} threads, ${passports.toLocaleString("en")} passports of ${STAMPS} stamps`,
  );

  const settling = stopwatch();
  const links = new FlatLinks(keys, total);
  let duplicates = 0;
  for (let stamp = 0; stamp < total; stamp++) {
    const account = Math.floor(stamp / STAMPS);
    const expiry = flat.expiries[stamp] as number;
    const held = links.claim(stamp, stamp + 1, account, stamp, expiry, NOW);
    flat.refused[stamp] = held || expiry <= NOW ? 0 : 1;
    if (!held && expiry > NOW) duplicates += 1;
  }
  console.log(`de-duplicate: ${settling()}, ${duplicates.toLocaleString("en")} duplicates`);

  for (const gated of [false, true]) {
    const label = gated ? "score with caps, diminishing returns and a gate" : "score";
    const scoring = stopwatch();
    const passing = await inThreads({ ...flat, gated, label }, passports, threads);
    console.log(`${label}: ${scoring()}, ${passing.toLocaleString("en")} pass`);
  }
  console.log(`peak memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

if (isMainThread) await main();
else parentPort?.postMessage(scoreRange(workerData as Job));
