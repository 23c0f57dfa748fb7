// Writes docs/benchmarks.md from the figures that the benchmarks left in docs/benchmarks/: `npm run bench:report`.
import { readFileSync, writeFileSync } from "node:fs";
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
  ...treeSection(),
  "",
  ...serviceSection(),
  "",
].join("\n");
const file = path.join(root, "docs/benchmarks.md");
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
