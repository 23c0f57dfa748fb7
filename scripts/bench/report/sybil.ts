import { read, verdict, whole } from "./figures.js";

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

/** Nearest neighbours and near names of a funding round. */
export function sybilSection(): string[] {
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
