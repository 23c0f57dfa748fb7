import { median } from "../tree/subjects.js";
import { read, verdict, whole } from "./figures.js";

interface Measured {
  readonly subject: string;
  readonly rows: number;
  readonly milliseconds: readonly number[];
  readonly leavesPerSecond: number;
  readonly leavesPerCpuSecond: number;
  readonly rssMegabytes: number;
  readonly proofMicroseconds?: number;
}

/** Building a Merkle tree, beside the libraries. */
export function treeSection(): string[] {
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
