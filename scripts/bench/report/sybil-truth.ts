import { read } from "./figures.js";

interface Share {
  readonly count: number;
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
}
interface Passed {
  readonly people: Share;
  readonly newcomers: Share;
  readonly littleData: Share;
  readonly sybils: Share;
}
interface Analysis {
  readonly precision: Share;
  readonly recall: Share;
  readonly burden: { readonly people: Share; readonly newcomers: Share; readonly littleData: Share };
}
interface FarmLine {
  readonly kind: string;
  readonly caughtAlone: Share;
  readonly caughtReviewed: Share;
  readonly passedBefore: Share;
  readonly passedAfter: Share;
  readonly passedAnswered: Share;
}
interface Farms {
  readonly adaptive: boolean;
  readonly analysis: { readonly alone: Analysis; readonly reviewed: Analysis };
  readonly passing: { readonly before: Passed; readonly after: Passed; readonly answered: Passed };
  readonly cost: { readonly before: number | null; readonly after: number | null };
  readonly farms: readonly FarmLine[];
}
interface Truth {
  readonly donors: number;
  readonly reviewed: number;
  readonly tuningSeeds: readonly number[];
  readonly unseenSeeds: readonly number[];
  readonly sets: readonly Farms[];
}

const percent = (value: number | null) => (100 * (value ?? NaN)).toFixed(1);
/** Nobody flagged leaves a precision without a value. */
const cell = ({ share, low, high, count }: Share) =>
  count === 0 || share === null ? "nobody" : `${percent(share)} (${percent(low)} to ${percent(high)})`;
const dollars = (cost: number | null) => (cost === null ? "unknown" : `$${cost.toFixed(2)}`);

/** What an analysis finds, and what tuned scorers let through, where the truth is known. */
export function sybilTruthSection(): string[] {
  const { donors, reviewed, tuningSeeds, unseenSeeds, sets } = read<Truth>("sybil-truth");
  const rounds = `${unseenSeeds.length} rounds of ${donors.toLocaleString("en")} donors`;
  return [
    "## The analysis against known truth",
    "",
    `\`npm run bench:sybil-truth\`: ${rounds} with planted farms of six kinds, a tenth of the donors. Weights were tuned on ${tuningSeeds.length} other`,
    "rounds. Per cent, with intervals of 95 % from drawing rounds again. **Read with care.** The people and the farms are those that the",
    "generator's author thought of, with invented holding rates and prices: what finds these farms has not shown that it finds others.",
    "Labels that an analysis derives from features are no ground truth either, which is why the truth here is the generator's.",
    `Adaptive farms keep just under the published thresholds. *Reviewed*: people, who are wrong now and then, judged ${reviewed} donors of each round;`,
    "these are left out of the figures.",
    ...sets.flatMap(farmTables),
  ];
}

function farmTables({ adaptive, analysis, passing, cost, farms }: Farms): string[] {
  const { alone, reviewed } = analysis;
  const row = (name: string, of: (one: Analysis) => Share) =>
    `| ${name} | ${cell(of(alone))} | ${cell(of(reviewed))} |`;
  const passRow = (name: string, of: (one: Passed) => Share) =>
    `| ${name} | ${[passing.before, passing.after, passing.answered].map((one) => cell(of(one))).join(" | ")} |`;
  return [
    "",
    `### ${adaptive ? "Adaptive farms" : "Farms that have read nothing"}`,
    "",
    "| the analysis | alone | reviewed |",
    "|---|---|---|",
    row("precision: Sybils among the flagged", ({ precision }) => precision),
    row("recall: flagged among Sybils", ({ recall }) => recall),
    row("burden: flagged among people", ({ burden }) => burden.people),
    row("burden on newcomers", ({ burden }) => burden.newcomers),
    row("burden on people of whom little is known", ({ burden }) => burden.littleData),
    "",
    `Who passes the scorer. Tuned for a tenth of the Sybils that the analysis knew of; the cheapest pass costs ${dollars(cost.before)} before and ${dollars(cost.after)}`,
    "after. *Answered*: farms have read the tuned weights and bought their stamps anew, at what passing then costs.",
    "",
    "| who passes | before | tuned | answered |",
    "|---|---|---|---|",
    passRow("people", ({ people }) => people),
    passRow("newcomers", ({ newcomers }) => newcomers),
    passRow("people of whom little is known", ({ littleData }) => littleData),
    passRow("Sybils", ({ sybils }) => sybils),
    "",
    "| kind of farm | caught alone | caught reviewed | pass before | pass tuned | pass answered |",
    "|---|---|---|---|---|---|",
    ...farms.map((line) => {
      const { kind, caughtAlone, caughtReviewed, passedBefore, passedAfter, passedAnswered } = line;
      const shares = [caughtAlone, caughtReviewed, passedBefore, passedAfter, passedAnswered];
      return `| ${[kind, ...shares.map(cell)].join(" | ")} |`;
    }),
  ];
}
