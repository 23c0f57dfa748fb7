// What scores cost on-chain, beside the published figures of the existing system. Run with the production profile:
// `npm run bench:passport-gas`.
import { mkdir, writeFile } from "node:fs/promises";

import { network } from "hardhat";

import { BATCH, measure, type Figures } from "./passport-gas/measure.js";

const DEPTHS = [10, 16, 17, 20];
const GOAL_DEPTH = 20;
/** The passports of the anchoring goal: one gas each. They make a tree of depth 17. */
const PASSPORTS = 100_000;
const COMMAND = "npm run bench:passport-gas";
const OUTPUT = "docs/benchmarks/passport-gas.json";

interface Row {
  readonly action: string;
  readonly figure: keyof Figures;
  readonly goal: number | null;
  /** The existing attestation contracts, measured on their own test chain with the optimizer off, and with 200 runs. */
  readonly existing: readonly [off: number, on: number] | null;
}

const WRITES: readonly Row[] = [
  { action: "anchor, a scorer's first root", figure: "anchorFirst", goal: PASSPORTS, existing: null },
  { action: "anchor, a further root", figure: "anchorNext", goal: PASSPORTS, existing: null },
  { action: "submitScore, first", figure: "submitFirst", goal: 75_000, existing: [1_072_055, 1_054_584] },
  { action: "submitScore, fresher", figure: "submitFresher", goal: 75_000, existing: [1_683_771, 1_662_972] },
  { action: `a drop in a batch of ${BATCH}`, figure: "dropInBatch", goal: null, existing: null },
  { action: "a consumer's join", figure: "join", goal: null, existing: null },
];
const READS: readonly Row[] = [
  { action: "getScore", figure: "getScore", goal: 5_000, existing: [21_226, 19_448] },
  { action: "isHuman", figure: "isHuman", goal: 5_000, existing: [209_657, 198_937] },
  { action: "isHuman, own threshold", figure: "isHumanOwnThreshold", goal: 5_000, existing: null },
  { action: "getScore of a stranger", figure: "getScoreOfStranger", goal: 5_000, existing: null },
  { action: "decoder getScore(address)", figure: "decoderGetScore", goal: 9_000, existing: [21_226, 19_448] },
  {
    action: "decoder getScore(uint32,address)",
    figure: "decoderGetScoreOfScorer",
    goal: 9_000,
    existing: [24_220, 22_458],
  },
  { action: "decoder isHuman(address)", figure: "decoderIsHuman", goal: 9_000, existing: [209_657, 198_937] },
  { action: "stateless proof check", figure: "verifyScore", goal: null, existing: null },
];

const chain = () =>
  network.create({ override: { initialDate: "2027-01-15T08:00:00Z", allowUnlimitedContractSize: false } });
const figures = new Map<number, Figures>();
for (const depth of DEPTHS) figures.set(depth, await measure((await chain()).ethers, depth));

const line = ({ action, figure, goal, existing }: Row) => ({
  action,
  ...Object.fromEntries(DEPTHS.map((depth) => [`2^${depth}`, Math.round(figures.get(depth)![figure])])),
  "existing, off": existing?.[0] ?? null,
  "existing, on": existing?.[1] ?? null,
  goal,
  met: goal === null ? null : figures.get(GOAL_DEPTH)![figure] <= goal,
});

console.log(
  "Whole transactions by the number of scores; the existing system's rows are attestations of 5 and 10 stamps\n",
);
console.table(WRITES.map(line));
console.log("\nExecution of reads, cold\n");
console.table(READS.map(line));
const perPassport = figures.get(17)!.anchorNext / PASSPORTS;
console.log(`\nAnchoring ${PASSPORTS} passports: ${perPassport.toFixed(3)} gas each`);

await mkdir("docs/benchmarks", { recursive: true });
const report = {
  format: "touchstone-passport-gas-v1",
  command: COMMAND,
  writes: WRITES.map(line),
  reads: READS.map(line),
};
await writeFile(OUTPUT, `${JSON.stringify(report, null, 2)}\n`);
console.log(`Written to ${OUTPUT}`);
