// Writes docs/benchmarks.md from the figures that the benchmarks left in docs/benchmarks/: `npm run bench:report`.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";

import { format, resolveConfig } from "prettier";

import { median } from "./tree/subjects.js";

const root = path.resolve(import.meta.dirname, "../..");
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(path.join(root, "docs/benchmarks", `${name}.json`), "utf8")) as T;
const whole = (value: number) => Math.round(value).toLocaleString("en");
const verdict = (met: boolean) => (met ? "met" : "**missed**");

interface GasLine {
  readonly claim: string;
  readonly depth: number;
  readonly touchstone: number;
  readonly composite: number;
  readonly original: number | null;
  readonly goal: number | null;
}
interface Measured {
  readonly subject: string;
  readonly rows: number;
  readonly milliseconds: readonly number[];
  readonly leavesPerSecond: number;
  readonly leavesPerCpuSecond: number;
  readonly rssMegabytes: number;
  readonly proofMicroseconds?: number;
}
interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
  readonly wrongSignatures: number;
  readonly engine: string;
}

function gasSection(): string[] {
  const { lines } = read<{ lines: readonly GasLine[] }>("claim-gas");
  const rows = lines.map(({ claim, depth, touchstone, composite, original, goal }) => {
    const judged = goal === null ? "" : `${whole(goal)}: ${verdict(touchstone <= goal)}`;
    return `| ${claim} | ${depth} | ${whole(touchstone)} | ${whole(composite)} | ${original === null ? "" : whole(original)} | ${judged} |`;
  });
  const missed = lines.some(({ touchstone, goal }) => goal !== null && touchstone > goal);
  const why = [
    "",
    "The batch to one steward misses its goal. The compiler's IR pipeline compares a call's selector with the token's functions one after",
    "another, and `distribute` comes late in that order; the rest lies in decoding each item's two signatures and proof. A function of",
    "another name, or decoding by hand, would win part of it; we kept the name and the readable code.",
  ];
  return [
    "## Gas of a claim",
    "",
    "`npm run bench:gas`: whole transactions on the in-process osaka chain, production profile, intrinsic cost and calldata included.",
    "*Composite* is a token of OpenZeppelin's parts with a trusted hook and a distributor of Solady's libraries, measured in the same",
    "run. *Original* are the published figures of the 2021 contracts (solc 0.6.12, their own settings), not run here. Steward: the",
    "delegate has votes already and the bitmap word is in use; fresh word: the first claim of its 256 ids; self: the account delegates to",
    "itself. Batches are gas per claim of twenty, both signatures checked.",
    "",
    "| claim | proof depth | Touchstone | composite | original | goal |",
    "|---|---|---|---|---|---|",
    ...rows,
    ...(missed ? why : []),
  ];
}

interface PassportGasLine {
  readonly action: string;
  readonly "2^20": number;
  readonly "existing, off": number | null;
  readonly "existing, on": number | null;
  readonly goal: number | null;
}

function passportSection(): string[] {
  const { writes, reads } = read<{ writes: readonly PassportGasLine[]; reads: readonly PassportGasLine[] }>(
    "passport-gas",
  );
  const row = ({ action, goal, ...line }: PassportGasLine) => {
    const existing = [line["existing, off"], line["existing, on"]].flatMap((gas) => (gas === null ? [] : [whole(gas)]));
    const judged = goal === null ? "" : `${whole(goal)}: ${verdict(line["2^20"] <= goal)}`;
    return `| ${action} | ${whole(line["2^20"])} | ${existing.join(" / ")} | ${judged} |`;
  };
  return [
    "## Gas of scores",
    "",
    "`npm run bench:passport-gas`: a registry with 2^20 scores (proofs of 20 levels), production profile. Writes are whole transactions, reads",
    "execution with cold storage. *Existing* are the published figures of the attestation contracts in use, optimizer off / on, not run here.",
    "",
    "| action | gas | existing | goal |",
    "|---|---|---|---|",
    ...[...writes, ...reads].map(row),
  ];
}

interface Rescored {
  readonly passports: number;
  readonly stamps: number;
  readonly engine: string;
  readonly rescore: { readonly seconds: number; readonly changed: number; readonly flipped: number };
  readonly tree: { readonly seconds: number };
  readonly toRoot: number;
  readonly peakMegabytes: number;
  readonly bulk: { readonly addresses: number; readonly seconds: readonly number[] };
}

function rescoreSection(): string[] {
  const { passports, stamps, engine, rescore, tree, toRoot, peakMegabytes, bulk } = read<Rescored>("rescore");
  const size = `${whole(passports)} passports of ${stamps} stamps`;
  const full = passports >= 1_000_000;
  const slowest = Math.max(...bulk.seconds);
  return [
    "## Rescoring a community",
    "",
    `\`npm run bench:rescore\`: a new version for ${size} on ${engine}, which shares the cores: every score changes and`,
    "leaves a line of history, one stamp in fifty is a duplicate, some links have ended since. One process of the service, its memory at its",
    "peak. Rows are made without signatures, and twenty accounts are scored anew first to show that the service would have made the same.",
    "",
    "| goal | measured | |",
    "|---|---|---|",
    `| from the database to a Merkle root in 60 s | ${toRoot.toFixed(1)} s (scores ${rescore.seconds.toFixed(1)}, tree ${tree.seconds.toFixed(1)}) | ${verdict(full && toRoot < 60)} |`,
    `| memory below 1.5 GB | ${whole(peakMegabytes)} MB | ${verdict(full && peakMegabytes < 1_500)} |`,
    `| ${whole(bulk.addresses)} addresses in one request in 1 s | ${slowest.toFixed(2)} s, the slowest of ${bulk.seconds.length} | ${verdict(bulk.addresses >= 10_000 && slowest < 1)} |`,
  ];
}

function treeSection(): string[] {
  const { results } = read<{ results: readonly Measured[] }>("tree");
  const [own, , openZeppelin, keccak256, hashWasm] = results;
  const list = read<{ results: readonly Measured[] }>("list").results[0];
  if (!own || !openZeppelin || !keccak256 || !hashWasm || !list) throw new Error("the tree's figures are incomplete");
  const rows = [...results, list].map((result) => {
    const subject = result === own ? "Touchstone" : result === list ? "Touchstone, CSV to root" : result.subject;
    const cells = [subject === "own" ? "Touchstone" : subject, whole(result.rows), whole(median(result.milliseconds))];
    const proof = result.proofMicroseconds === undefined ? "" : result.proofMicroseconds.toFixed(1);
    return `| ${[...cells, whole(result.leavesPerSecond), proof, whole(result.rssMegabytes)].join(" | ")} |`;
  });
  const times = (other: Measured) => own.leavesPerSecond / other.leavesPerSecond;
  const cpuTimes = (other: Measured) => own.leavesPerCpuSecond / other.leavesPerCpuSecond;
  const ratio = (other: Measured) => `${times(other).toFixed(1)} × (by processor time ${cpuTimes(other).toFixed(1)} ×)`;
  const sameRows = (results[1]?.leavesPerSecond ?? 0) / hashWasm.leavesPerSecond;
  const proof = own.proofMicroseconds ?? Number.NaN;
  return [
    "## Building a tree",
    "",
    "`npm run bench:tree`, and with `-- --csv 10000000` for the list: parsed rows to root, three hashes a leaf, one core, medians. The",
    "libraries build fewer rows, because more would take minutes; merkletreejs is shown with the hash that its users take and with the",
    "fastest that it can be given.",
    "",
    "| builder | rows | median ms | leaves/s | one proof, µs | peak RSS, MB |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
    "| goal | measured | |",
    "|---|---|---|",
    `| 40 × OpenZeppelin's | ${ratio(openZeppelin)} | ${verdict(times(openZeppelin) >= 40)} |`,
    `| 5 × merkletreejs with keccak256 | ${ratio(keccak256)} | ${verdict(times(keccak256) >= 5)} |`,
    `| 5 × merkletreejs with hash-wasm | ${ratio(hashWasm)} | ${verdict(times(hashWasm) >= 5)} |`,
    `| (the same, both at ${whole(hashWasm.rows)} rows) | ${sameRows.toFixed(1)} × | ${verdict(sameRows >= 5)} |`,
    `| 1,000,000 rows below 600 MB | ${whole(own.rssMegabytes)} MB | ${verdict(own.rssMegabytes < 600)} |`,
    `| one proof below 20 µs | ${proof.toFixed(1)} µs | ${verdict(proof < 20)} |`,
    `| 10,000,000 rows from CSV below 3 GB | ${whole(list.rssMegabytes)} MB | ${verdict(list.rows === 10_000_000 && list.rssMegabytes < 3_000)} |`,
  ];
}

function serviceSection(): string[] {
  const load = read<Load>("service");
  const clean = load.failures === 0 && load.wrongSignatures === 0;
  return [
    "## The claim service",
    "",
    `\`npm run bench:service\`: one service process, ${load.engine}, anvil, and the load generator share the machine's cores. 200 concurrent`,
    "clients, distinct users and forwarded addresses, limits on; every answer's signature is verified afterwards.",
    "",
    "| goal | measured | |",
    "|---|---|---|",
    `| 1,000 signed claims a second | ${whole(load.perSecond)} | ${verdict(load.perSecond >= 1_000)} |`,
    `| no failure | ${load.failures} failures, ${load.wrongSignatures} wrong signatures | ${verdict(clean)} |`,
    `| p99 below 500 ms | p50 ${whole(load.p50)} ms, p99 ${whole(load.p99)} ms | ${verdict(load.p99 < 500)} |`,
  ];
}

interface Scheme {
  readonly parties: number;
  readonly proof: { readonly signatures: number };
  readonly lines: readonly { readonly step: string; readonly milliseconds: number; readonly native: number | null }[];
  readonly realCertificate: { readonly milliseconds: number; readonly goal: number; readonly indices: number } | null;
}

function multisignatureSection(): string[] {
  const { parties, proof, lines, realCertificate } = read<Scheme>("stm");
  const rows = lines.map(({ step, milliseconds, native }) => {
    const judged = native === null ? "| |" : `${native} | 3 ×: ${verdict(milliseconds <= 3 * native)} |`;
    return `| ${step} | ${milliseconds.toFixed(1)} | ${judged}`;
  });
  const real =
    realCertificate === null
      ? []
      : [
          `| a real certificate of ${whole(realCertificate.indices)} indices, from its text | ${realCertificate.milliseconds.toFixed(1)} | | ${realCertificate.goal} ms: ${verdict(realCertificate.milliseconds < realCertificate.goal)} |`,
        ];
  return [
    "## The multisignature",
    "",
    `\`npm run bench:stm\`: one thread, k 250, m 1,523, φ 0.2, ${whole(parties)} parties, a proof of ${proof.signatures} signatures. _Native_ are the`,
    "figures that the Rust implementation publishes (Apple M1 Pro), not run here.",
    "",
    "| step | ms | native, ms | goal |",
    "|---|---|---|---|",
    ...rows,
    ...real,
  ];
}

interface Restored {
  readonly streams: readonly string[];
  readonly downloadSeconds: number;
  readonly loadSeconds: number;
  readonly firstScoreSeconds: number;
  readonly seconds: number;
  readonly rssMegabytes: number;
}

function restoreSection(): string[] {
  const run = read<{
    readonly passports: number;
    readonly stamps: number;
    readonly megabytes: number;
    readonly compressedMegabytes: number;
    readonly restores: readonly Restored[];
  }>("restore");
  // The goals are for a million passports; a smaller run says nothing about them.
  const judged = (met: boolean) => (run.passports >= 1_000_000 ? verdict(met) : "not judged at this size");
  const seconds = (value: number) => value.toFixed(1);
  return [
    "## Restoring a snapshot",
    "",
    `\`npm run bench:restore\`: ${whole(run.passports)} passports with ${run.stamps} stamps each, ${whole(run.megabytes)} MiB of chunks in ${whole(run.compressedMegabytes)} MiB of files, from a`,
    "mirror on loopback into PGlite in a folder, every digest checked. Goals, for 1,000,000 passports: 300 s and 2,048 MB.",
    "",
    "| streams | download | verify and load | first score | all | memory | time | memory |",
    "|---|---|---|---|---|---|---|---|",
    ...run.restores.map(
      (one) =>
        `| ${one.streams.join(", ")} | ${seconds(one.downloadSeconds)} s | ${seconds(one.loadSeconds)} s | ${seconds(one.firstScoreSeconds)} s | ${seconds(one.seconds)} s | ${whole(one.rssMegabytes)} MB | ${judged(one.seconds < 300)} | ${judged(one.rssMegabytes < 2_048)} |`,
    ),
  ];
}

interface StmGasLine {
  readonly case: string;
  readonly signers: number;
  readonly indices: number;
  readonly calldataBytes: number;
  readonly gas: number;
  readonly prototype: number;
  readonly goal: number | null;
  readonly least: number;
  readonly split: Readonly<Record<"calldata" | "pointsAndLeaves" | "lottery" | "merkle" | "bls", number>>;
  readonly floor: Readonly<Record<"pointsAndLeaves" | "lottery" | "merkle" | "bls", number>>;
}

interface RegistryGasLine {
  readonly action: string;
  readonly gas: number;
  readonly goal: number | null;
}

function registrySection(): string[] {
  const { rows } = read<{ rows: readonly RegistryGasLine[] }>("certificates-gas");
  const row = ({ action, gas, goal }: RegistryGasLine) =>
    `| ${action} | ${whole(gas)} | ${goal === null ? "" : `${whole(goal)}: ${verdict(gas <= goal)}`} |`;
  return [
    "## Gas of the certificate registry",
    "",
    "`npm run bench:certificates-gas`: whole transactions on the in-process osaka chain, production profile. A seal reads every steward's votes",
    "at three times; with busy votes they have to be searched for. What a certificate costs is the verifier's and the registry's part.",
    "",
    "| action | gas | goal |",
    "|---|---|---|",
    ...rows.map(row),
  ];
}

function verifierSection(): string[] {
  const { lines, runtimeBytes } = read<{ lines: readonly StmGasLine[]; runtimeBytes: number }>("stm-gas");
  const rows = lines.map(({ goal, gas, ...line }) => {
    const judged = goal === null ? "" : `${whole(goal)}: ${verdict(gas <= goal)}`;
    const cells = [line.signers, line.indices, line.calldataBytes, gas, line.prototype, line.least].map(whole);
    return `| ${[line.case, ...cells, judged].join(" | ")} |`;
  });
  const splits = lines.map(({ case: name, split, floor }) => {
    const beside = (part: keyof typeof floor) => `${whole(split[part])} / ${whole(floor[part])}`;
    const parts = [beside("pointsAndLeaves"), beside("lottery"), beside("merkle"), beside("bls")];
    return `| ${[name, whole(split.calldata), ...parts].join(" | ")} |`;
  });
  return [
    "## Gas of a multisignature",
    "",
    "`npm run bench:stm-gas`: whole transactions to the stateless verifier on the in-process osaka chain, production profile,",
    `${whole(runtimeBytes)} bytes of code. _Prototype_ are the figures of the study before it, not run here. _Least_ is 21,000, the calldata and the`,
    "precompiles that the proof cannot do without, each with its call; everything else is the contract's own. Registrations are made up",
    "like the study's (stakes spread over a factor of 11, of 2 in the row of φ 0.8 and 30 leaves; everybody signs; few large signers first), so",
    "that numbers of signers differ a little from its own.",
    "",
    "| proof | signers | indices | bytes | gas | prototype | least | goal |",
    "|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
    "Where it goes, each part beside its precompiles:",
    "",
    "| proof | calldata | points, leaves | lottery | Merkle | BLS |",
    "|---|---|---|---|---|---|",
    ...splits,
  ];
}

interface StakingLine {
  readonly operation: string;
  readonly gas: number;
  readonly predecessor: number | null;
}

function stakingSection(): string[] {
  const { lines } = read<{ lines: readonly StakingLine[] }>("staking-gas");
  const rows = lines.map(({ operation, gas, predecessor }) => {
    return `| ${operation} | ${whole(gas)} | ${predecessor === null ? "" : whole(predecessor)} |`;
  });
  return [
    "## Gas of stakes",
    "",
    "`npm run bench:staking`: whole transactions on the in-process chain, 200 optimizer runs as the predecessor's; the read is execution",
    "alone. *Predecessor* are measured figures of the contract in use, behind its proxy, not run here. A slash here is a record of its own",
    "with its evidence and its own time, which costs its storage.",
    "",
    "| operation | gas | predecessor |",
    "|---|---|---|",
    ...rows,
  ];
}

interface StampsFigures {
  readonly credentials: number;
  readonly lines: readonly { readonly what: string; readonly perSecond: number; readonly perCpuSecond: number }[];
}

function stampsSection(): string[] {
  const { credentials, lines } = read<StampsFigures>("stamps");
  return [
    "## Checking one credential",
    "",
    `\`npm run bench:stamps\`: one thread, ${whole(credentials)} distinct credentials, each checked once; and the libraries that were compared.`,
    "",
    "| what | per second | per second of processor |",
    "|---|---|---|",
    ...lines.map(({ what, perSecond, perCpuSecond }) => `| ${what} | ${whole(perSecond)} | ${whole(perCpuSecond)} |`),
  ];
}

interface PassportFigures {
  readonly engine: string;
  readonly passports: number;
  readonly stamps: number;
  readonly rssMegabytes: number;
  readonly lines: readonly { readonly what: string; readonly seconds: number; readonly perSecond: number }[];
}

function passportServiceSection(): string[] {
  const { engine, passports, stamps, rssMegabytes, lines } = read<PassportFigures>("passport");
  return [
    "## The passport service's use cases",
    "",
    `\`npm run bench:passport\`: in one process on ${engine}, without HTTP; ${whole(passports)} passports of ${stamps} stamps. Every signature is checked,`,
    `every change leaves history. ${whole(rssMegabytes)} MB in the end.`,
    "",
    "| what | seconds | per second |",
    "|---|---|---|",
    ...lines.map(({ what, seconds, perSecond }) => `| ${what} | ${seconds.toFixed(2)} | ${whole(perSecond)} |`),
  ];
}

interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly slowest: number;
}
interface UserLoad {
  readonly users: number;
  readonly thinkSeconds: number;
  readonly minutes: number;
  readonly stamps: string;
  readonly requests: number;
  readonly perSecond: number;
  readonly success: number;
  readonly acknowledgedStamps: number;
  readonly lostStamps: number;
  readonly all: Percentiles;
  readonly steps: Readonly<Record<string, Percentiles>>;
  readonly serviceCpuMilliseconds: number;
  readonly generatorCpuMilliseconds: number;
  readonly machineBusy: number;
  readonly cores: number;
  readonly cpu: string;
}

/** The load runs for ten minutes and by itself; a checkout where nobody ran it has no figures. */
function loadSection(): string[] {
  if (!existsSync(path.join(root, "docs/benchmarks/load.json"))) return [];
  const load = read<UserLoad>("load");
  const row = ([step, { count, p50, p95, p99, slowest }]: [string, Percentiles]) =>
    `| ${[step, whole(count), ...[p50, p95, p99, slowest].map(whole)].join(" | ")} |`;
  const percent = (share: number) => `${(share * 100).toFixed(share === 1 ? 0 : 2)} %`;
  return [
    "## The passport service under load",
    "",
    `\`npm run bench:load -- --json docs/benchmarks/load.json\`: ${whole(load.users)} users for ${load.minutes} minutes, ${load.thinkSeconds} s between an answer and the next request, against one`,
    "service process; PostgreSQL and the users (autocannon, with the pauses put before its requests) share the machine's cores. A visit is",
    `a nonce, a sign-in (EIP-4361), four submissions of ${load.stamps.replace("-", " to ")} stamps, and a read of the score. Everybody is somebody new, all credentials were`,
    "made beforehand and none is sent twice; limits are on. A submission succeeds when each of its stamps counts. With these pauses nobody",
    `can send more than ${whole(load.users / load.thinkSeconds)} requests a second. *Existing* is what the operators of the service in use published of their own load test`,
    "(k6, 1,000 users, 2024-05-13, more and larger machines, a similar visit); it was not run here.",
    "",
    "| goal | existing (published) | measured | |",
    "|---|---|---|---|",
    `| 400 successful requests a second | 84.5 | ${load.perSecond.toFixed(1)} | ${verdict(load.perSecond >= 400)} |`,
    `| 100 % success | 80.5 % | ${percent(load.success)} of ${whole(load.requests)} | ${verdict(load.success === 1)} |`,
    `| no acknowledged stamp lost | | ${whole(load.lostStamps)} of ${whole(load.acknowledgedStamps)} | ${verdict(load.lostStamps === 0)} |`,
    `| p99 below 1 s | | ${whole(load.all.p99)} ms | ${verdict(load.all.p99 < 1_000)} |`,
    `| for ten minutes on two cores | | ${load.minutes} minutes on ${load.cores} | ${verdict(load.minutes >= 10 && load.cores <= 2)} |`,
    "",
    "| milliseconds | requests | p50 | p95 | p99 | slowest |",
    "|---|---|---|---|---|---|",
    ...Object.entries({ ...load.steps, all: load.all }).map(row),
    "",
    `A request took ${load.serviceCpuMilliseconds.toFixed(2)} ms of processor in the service and ${load.generatorCpuMilliseconds.toFixed(2)} ms in the users; the machine was ${percent(load.machineBusy)} busy.`,
    "",
  ];
}

interface SybilMeasured {
  readonly subject: string;
  readonly rows: number;
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly rssMegabytes: number;
}

/** Goals in milliseconds by subject and rows. */
const SYBIL_GOALS: Readonly<Record<string, readonly [goal: string, milliseconds: number]>> = {
  "round/39957": ["2 s", 2_000],
  "donors/1000000": ["5 min", 300_000],
  "names/1000000": ["2 min", 120_000],
};
const SYBIL_NAMES: Readonly<Record<string, string>> = {
  round: "nearest neighbour of each donor, published round",
  donors: "the same, generated donors of that shape",
  names: "names at distance 1, generated",
};

function sybilSection(): string[] {
  const rows = read<{ results: readonly SybilMeasured[] }>("sybil").results.map((result) => {
    const { subject, milliseconds, cpuMilliseconds, rssMegabytes } = result;
    const [goal, limit] = SYBIL_GOALS[`${subject}/${result.rows}`] ?? ["", Infinity];
    const judged = goal === "" ? "" : `${goal}: ${verdict(milliseconds < limit)}`;
    const figures = [result.rows, milliseconds, cpuMilliseconds, rssMegabytes].map(whole);
    return `| ${[SYBIL_NAMES[subject] ?? subject, ...figures, judged].join(" | ")} |`;
  });
  return [
    "## Analysis of a round",
    "",
    "`npm run bench:sybil` (`-- --million` adds 1,000,000 donors): tables in memory to exact results. Brute force over the published round in C,",
    "hardware popcount, two threads, took 4,400 ms where it was measured; it is not run here. On a busy machine compare processor time.",
    "",
    "| work | rows | ms | processor ms | peak RSS, MB | goal |",
    "|---|---|---|---|---|---|",
    ...rows,
  ];
}

interface NetworkMeasured {
  readonly stewards: number;
  readonly cores: number;
  readonly parameters: { readonly k: number; readonly m: number; readonly phiF: number };
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[];
  readonly seconds: number;
  readonly goal: number;
  readonly gas: { readonly register: number; readonly seal: readonly number[]; readonly certify: number };
  readonly certificate: { readonly signers: number; readonly indices: number };
  readonly taken: number;
}

function networkSection(): string[] {
  const measured = read<NetworkMeasured>("network");
  const { stewards, cores, parameters, phases, seconds, goal, gas, certificate, taken } = measured;
  const seals = gas.seal.map(whole).join(" + ");
  return [
    "## An epoch of a whole network",
    "",
    `\`npm run bench:network\`: ${stewards} stewards, k ${parameters.k}, m ${parameters.m}, φ ${parameters.phiF}, on ${cores} cores. Chain (anvil) and aggregator are processes`,
    "of their own; the signers are one process, which does for each what a signer does but looks at the chain once for all. Two epochs of keys",
    `are registered, because a certificate says who signs next. Waiting for epochs is left out. The aggregator took ${whole(taken)} signatures until it had`,
    `its quorum; the certificate, of the stake distribution, has ${certificate.signers} signers and ${whole(certificate.indices)} indices.`,
    "",
    "| work | seconds |",
    "|---|---|",
    ...phases.map((one) => `| ${one.phase} | ${one.seconds.toFixed(1)} |`),
    `| in all; goal ${goal} s: ${verdict(seconds < goal)} | ${seconds.toFixed(1)} |`,
    "",
    `Gas: a registration ${whole(gas.register)}, sealing ${seals} (two epochs, in pages), the certificate ${whole(gas.certify)}.`,
  ];
}

const text = [
  "# Benchmarks",
  "",
  `Written by \`npm run bench\` from real runs, here on ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), Node ${process.versions.node}. Machines`,
  "are noisy: compare ratios, and run it on yours. The figures as JSON lie in [benchmarks/](benchmarks).",
  "",
  ...gasSection(),
  "",
  ...passportSection(),
  "",
  ...rescoreSection(),
  "",
  ...stakingSection(),
  "",
  ...treeSection(),
  "",
  ...serviceSection(),
  "",
  ...multisignatureSection(),
  "",
  ...restoreSection(),
  "",
  ...verifierSection(),
  "",
  ...registrySection(),
  "",
  ...networkSection(),
  "",
  ...stampsSection(),
  "",
  ...passportServiceSection(),
  "",
  ...loadSection(),
  "",
  ...sybilSection(),
].join("\n");
const file = path.join(root, "docs/benchmarks.md");
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
