import { comparePayouts, type ComparedPayouts, type ProjectDonors } from "../../funding/compare.js";
import { matchedPerDonor } from "../../funding/attribution.js";
import { byDonor, type DonorView } from "../../funding/round.js";
import { accountCost } from "../cost/economics.js";
import type { RoundAssessment } from "../assess.js";
import type { Rule } from "../heuristics/rule.js";
import type { RoundTables } from "../round/round-tables.js";
import { namesOf, type Naming } from "./pseudonyms.js";
import { scorePassports, type PassportScores } from "./scores.js";
import { meanings } from "./verdicts.js";

/** Everything about donors and projects that more than one section reads, by row. */
export interface ReportFacts {
  readonly tables: RoundTables;
  readonly assessment: RoundAssessment;
  /** The heuristics that the assessment ran. */
  readonly rules: readonly Rule[];
  /** A sentence for everything that a reason is by. */
  readonly meanings: ReadonlyMap<string, string>;
  readonly flagged: Uint8Array;
  /** Undefined where the round had no scorer. */
  readonly scores: PassportScores | undefined;
  readonly donorView: DonorView;
  /** What each donor gave. */
  readonly donated: Float64Array;
  /** What of the standard rule's payouts each donor brought in, before any defence. */
  readonly matched: Float64Array;
  /** Dollars that each donor's stamps would cost to forge; those that money buys apart. Undefined without prices. */
  readonly costs: { readonly all: Float64Array; readonly fungible: Float64Array } | undefined;
  readonly payouts: readonly ComparedPayouts[];
  readonly projectDonors: ProjectDonors;
  /** How the report calls each donor, and whether those are their own names. */
  readonly nameOf: (row: number) => string;
  readonly named: boolean;
}

/** Pairwise matching's constant, in the round's currency. */
export const PAIRWISE_M = 25;

/** Computes what the sections share: the matchings take almost all of the time. */
export async function gatherFacts(
  tables: RoundTables,
  assessment: RoundAssessment,
  heuristics: readonly Rule[],
  naming: Naming,
  threads: number,
  progress: (done: number, total: number) => void,
): Promise<ReportFacts> {
  const { settings, donations } = tables;
  const names = namesOf(donations.donorNames, naming);
  const { flagged } = assessment;
  const scores = scorePassports(tables);
  const clusterOf = assessment.features.clusters.of;
  const defences = { influence: scores?.influence, flagged, clusterOf, m: PAIRWISE_M, ...settings };
  const { rules, donors } = await comparePayouts(donations, defences, threads, progress);
  const donorView = byDonor(donations);
  const sumOf = (row: number) => {
    const own = donorView.amounts.subarray(donorView.starts[row], donorView.starts[row + 1]);
    return own.reduce((sum, amount) => sum + amount, 0);
  };
  return {
    tables,
    assessment,
    rules: heuristics,
    meanings: meanings(assessment, heuristics),
    flagged,
    scores,
    donorView,
    donated: Float64Array.from(donations.donorNames, (_, row) => sumOf(row)),
    matched: matchedPerDonor(donations, (rules[0] as ComparedPayouts).raw),
    costs: tables.prices.size === 0 ? undefined : passportCosts(tables),
    payouts: rules,
    projectDonors: donors,
    nameOf: (row) => names[row] as string,
    named: naming.kind === "names",
  };
}

function passportCosts({ stamps, prices, rules }: RoundTables) {
  const nonFungible = new Set(rules?.nonFungible);
  const cost = (of: (stamp: string) => boolean) =>
    Float64Array.from(stamps, (held) => accountCost([...held].filter(of), prices).cost);
  return { all: cost(() => true), fungible: cost((stamp) => !nonFungible.has(stamp)) };
}
