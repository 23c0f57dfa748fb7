import type { ScorerRules } from "../../../src/scoring/rules/scorer-rules.js";
import { DEFAULT_RULES } from "../../../src/scoring/rules/default-rules.js";
import { assessRound } from "../../../src/sybil/assess.js";
import { evaluate, saysLittle, type Evaluation, type JudgedRound } from "../../../src/sybil/evaluate.js";
import { DEFAULT_FARMS, generateRound, tablesOf, truthOf } from "../../../src/sybil/generate/generate-round.js";
import { parseFarms } from "../../../src/sybil/generate/farms/parse-farms.js";
import type { RoundTables } from "../../../src/sybil/round/round-tables.js";
import { assessWithoutStamps, subjectsOf } from "../../../src/sybil/tuning/evidence/round-subjects.js";
import type { TuningSubject } from "../../../src/sybil/tuning/evidence/subjects.js";
import { pointsOf } from "../../../src/sybil/tuning/passing.js";
import { tuneWeights } from "../../../src/sybil/tuning/tune-weights.js";

/** Donors that people look at, of each round that has a review. */
export const REVIEWED = 400;
/** What the tuning asks for: people as many as can, a tenth of the Sybils it knows of. */
const PENETRATION = 0.1;

export interface TruthFigures {
  readonly adaptive: boolean;
  /** The analysis without and with a review by people of a sample. */
  readonly analysis: { readonly alone: Evaluation; readonly reviewed: Evaluation };
  /**
   * Who passes: under the rules in force, under the tuned ones, and under those when farmers have read them and bought stamps anew.
   */
  readonly passing: {
    readonly before: Evaluation["passed"];
    readonly after: Evaluation["passed"];
    readonly answered: Evaluation["passed"];
  };
  /** Dollars of the cheapest pass. */
  readonly cost: { readonly before: number | null; readonly after: number | null };
  readonly farms: readonly FarmLine[];
}

export interface FarmLine {
  readonly kind: string;
  readonly caughtAlone: Evaluation["recall"];
  readonly caughtReviewed: Evaluation["recall"];
  readonly passedBefore: Evaluation["recall"];
  readonly passedAfter: Evaluation["recall"];
  readonly passedAnswered: Evaluation["recall"];
}

interface Request {
  readonly adaptive: boolean;
  readonly donors: number;
  readonly tuningSeeds: readonly number[];
  readonly unseenSeeds: readonly number[];
}

/** Tunes on some seeds, and judges analysis and scorers on others. */
export function judgeFarms({ adaptive, donors, tuningSeeds, unseenSeeds }: Request): TruthFigures {
  const farms = parseFarms(DEFAULT_FARMS, adaptive);
  const make = (seed: number, labels: number, rules: ScorerRules) => {
    const generated = generateRound({ seed, donors, farms, labels, rules });
    return { tables: tablesOf(generated), truth: truthOf(generated) };
  };
  const tuning = tuneWeights({
    subjects: pooledSubjects(tuningSeeds.map((seed) => make(seed, REVIEWED, DEFAULT_RULES).tables)),
    rules: DEFAULT_RULES,
    prices: make(tuningSeeds[0] as number, 0, DEFAULT_RULES).tables.prices,
    goal: { penetration: PENETRATION },
  });
  const rounds = unseenSeeds.map((seed) => {
    const [alone, reviewed, answered] = [
      make(seed, 0, DEFAULT_RULES),
      make(seed, REVIEWED, DEFAULT_RULES),
      make(seed, 0, tuning.rules),
    ];
    const looked = new Set(reviewed.tables.labels.map(({ donor }) => donor));
    return {
      alone: judged(alone, assessRound(alone.tables).flagged, DEFAULT_RULES),
      // Whom people looked at is left out: the analysis repeats what they said.
      reviewed: without(judged(reviewed, assessRound(reviewed.tables).flagged, tuning.rules), looked),
      after: judged(alone, undefined, tuning.rules),
      answered: judged(answered, undefined, tuning.rules),
    };
  });
  const of = (which: keyof (typeof rounds)[number]) => evaluate(rounds.map((round) => round[which]));
  const [alone, reviewed, after, answered] = [of("alone"), of("reviewed"), of("after"), of("answered")];
  return {
    adaptive,
    analysis: { alone, reviewed },
    passing: { before: alone.passed, after: after.passed, answered: answered.passed },
    cost: { before: tuning.passCost.before?.cost ?? null, after: tuning.passCost.after?.cost ?? null },
    farms: alone.farms.map(({ kind, caught, passed }, at): FarmLine => {
      const line = ({ farms: lines }: Evaluation) => lines[at] as Evaluation["farms"][number];
      return {
        kind,
        caughtAlone: caught,
        caughtReviewed: line(reviewed).caught,
        passedBefore: passed,
        passedAfter: line(after).passed,
        passedAnswered: line(answered).passed,
      };
    }),
  };
}

/** Several rounds as one: clusters keep apart. */
function pooledSubjects(rounds: readonly RoundTables[]): TuningSubject[] {
  let offset = 0;
  return rounds.flatMap((tables) => {
    const subjects = subjectsOf(tables, assessWithoutStamps(tables));
    const moved = subjects.map((subject) => ({ ...subject, cluster: subject.cluster + offset }));
    offset += 2 * subjects.length;
    return moved;
  });
}

function judged(
  { tables, truth }: { readonly tables: RoundTables; readonly truth: JudgedRound["truth"] },
  flagged: Uint8Array | undefined,
  rules: ScorerRules,
): JudgedRound {
  const points = pointsOf(rules, tables.stamps);
  return {
    truth,
    verdicts: truth.map((_, at) => ({
      flagged: flagged?.[at] === 1,
      passed: (points[at] as number) >= rules.threshold,
    })),
    littleData: tables.accounts.map((account, at) => saysLittle(account, tables.stamps[at] as ReadonlySet<string>)),
  };
}

function without({ truth, verdicts, littleData }: JudgedRound, donors: ReadonlySet<string>): JudgedRound {
  const kept = truth.flatMap(({ donor }, at) => (donors.has(donor) ? [] : [at]));
  const pick = <T>(list: readonly T[]) => kept.map((at) => list[at] as T);
  return { truth: pick(truth), verdicts: pick(verdicts), littleData: pick(littleData) };
}
