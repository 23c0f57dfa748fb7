// What is measured, each in a process of its own: from parsed rows to the root, three hashes a leaf.
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { createKeccak } from "hash-wasm";
import keccak256 from "keccak256";
import { MerkleTree as LayerTree } from "merkletreejs";

import { readAndBuild } from "../../../src/merkle/build-allocations.js";
import { buildHeapTree } from "../../../src/merkle/heap-tree.js";
import { leafHashes } from "../../../src/merkle/leaf.js";
import { DEFAULT_LIST_OPTIONS } from "../../../src/merkle/list/options.js";
import { proofOf, rootOf } from "../../../src/merkle/tree.js";
import { makeRows, makeValues } from "./rows.js";

export interface Sample {
  readonly root: string;
  /** Of every run. */
  readonly milliseconds: readonly number[];
  /** Of every run, processor time of the one thread that does the work: what a busy machine does not distort. */
  readonly cpuMilliseconds: readonly number[];
  /** The median of one proof, in microseconds; absent where it is not measured. */
  readonly proofMicroseconds?: number;
}

const now = () => performance.now();
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

function cpuNow(): number {
  // Node has it since 23.9; its declarations here are those of the oldest supported version.
  const { threadCpuUsage = process.cpuUsage } = process as { threadCpuUsage?: typeof process.cpuUsage };
  const { user, system } = threadCpuUsage.call(process);
  return (user + system) / 1000;
}

function repeat<T>(runs: number, work: () => T): { last: T; milliseconds: number[]; cpuMilliseconds: number[] } {
  const [milliseconds, cpuMilliseconds]: [number[], number[]] = [[], []];
  let last: T | undefined;
  for (let run = 0; run < runs; run++) {
    last = undefined; // let go of the run before
    const [start, cpuStart] = [now(), cpuNow()];
    last = work();
    milliseconds.push(now() - start);
    cpuMilliseconds.push(cpuNow() - cpuStart);
  }
  return { last: last as T, milliseconds, cpuMilliseconds };
}

function measureOwn(count: number, runs: number): Sample {
  const rows = makeRows(count);
  const { last, ...timed } = repeat(runs, () => buildHeapTree(leafHashes(rows)));
  const times: number[] = [];
  for (let sample = 0; sample < 20_000; sample++) {
    const position = last.positions[(sample * 7_919) % count] as number;
    const start = now();
    proofOf(last.tree, position);
    times.push((now() - start) * 1000);
  }
  return { root: rootOf(last.tree), ...timed, proofMicroseconds: median(times) };
}

function measureOpenZeppelin(count: number, runs: number): Sample {
  const values = makeValues(count);
  const { last, ...timed } = repeat(runs, () => StandardMerkleTree.of(values, ["uint256", "uint256"]));
  const times = Array.from({ length: 200 }, (_, sample) => {
    const start = now();
    last.getProof((sample * 7_919) % count);
    return (now() - start) * 1000;
  });
  return { root: last.root, ...timed, proofMicroseconds: median(times) };
}

/** Rows are encoded by hand, which is faster than any ABI coder; everything else is the library with the hash given. */
function measureLayerTree(count: number, runs: number, hash: (message: Buffer) => Buffer): Sample {
  const values = makeValues(count);
  const encode = (userId: bigint, amount: bigint) => {
    const message = Buffer.alloc(64);
    message.writeUInt32BE(Number(userId), 28);
    message.writeUInt32BE(Number(amount >> 64n), 52);
    message.writeBigUInt64BE(amount & 0xffff_ffff_ffff_ffffn, 56);
    return message;
  };
  const { last, ...timed } = repeat(runs, () => {
    const leaves = values.map(([userId, amount]) => hash(hash(encode(userId, amount))));
    return new LayerTree(leaves, hash as (message: unknown) => Buffer, { sortPairs: true });
  });
  return { root: last.getHexRoot(), ...timed };
}

async function wasmHash(): Promise<(message: Buffer) => Buffer> {
  const hasher = await createKeccak(256);
  return (message) => Buffer.from(hasher.init().update(message).digest("binary"));
}

async function measureCsv(list: string): Promise<Sample> {
  const [start, cpuStart] = [now(), cpuNow()];
  const book = await readAndBuild({
    list,
    options: DEFAULT_LIST_OPTIONS,
    format: "standard-v1",
    exclude: [],
    dump: false,
    shards: null,
  });
  return { root: book.root, milliseconds: [now() - start], cpuMilliseconds: [cpuNow() - cpuStart] };
}

/** The subjects by name; `rows` is a number of rows, or for `csv` a file. */
export const SUBJECTS: Record<string, (rows: string, runs: number) => Promise<Sample>> = {
  own: async (rows, runs) => measureOwn(Number(rows), runs),
  openzeppelin: async (rows, runs) => measureOpenZeppelin(Number(rows), runs),
  "merkletreejs-keccak256": async (rows, runs) =>
    measureLayerTree(Number(rows), runs, keccak256 as (message: Buffer) => Buffer),
  "merkletreejs-hash-wasm": async (rows, runs) => measureLayerTree(Number(rows), runs, await wasmHash()),
  csv: async (file) => measureCsv(file),
};
