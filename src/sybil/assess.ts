// A round from its tables to a judgement of each donor: features, clusters, heuristics, a model, probabilities, and reasons.
import { measureDrift, summariseRound, type Drift, type RoundSummary } from "./drift.js";
import { computeFeatures, type NearestByMetric } from "./features/compute-features.js";
import { featureAt, STAMP_PREFIX, type FeatureSpec, type FeatureTable } from "./features/feature-table.js";
import { DEFAULT_HEURISTICS, heuristicsHash, type Heuristics } from "./heuristics/parse-heuristics.js";
import { figure, type Rule, type Verdict } from "./heuristics/rule.js";
import { runHeuristics, type HeuristicsResult } from "./heuristics/run-heuristics.js";
import { DEFAULT_MODEL, fitModel, LEAST_OF_CLASS, type FittedModel, type ModelSettings } from "./model/fit-model.js";
import { contributions, predict, type ModelTerm } from "./model/logistic-model.js";
import type { Training } from "./model/design.js";
import { agreement, type Agreement } from "./review/agreement.js";
import { consensus } from "./review/consensus.js";
import type { RoundTables } from "./round/round-tables.js";

export interface AssessConfig {
  readonly heuristics?: Heuristics;
  readonly model?: ModelSettings;
  /** Sources of features (see the catalogue) that no model reads: `name` and `origins` where personal data stays out. */
  readonly withoutSources?: readonly string[];
  /** The round before, for drift. */
  readonly previous?: RoundSummary;
  /** Nearest distances that were computed elsewhere. */
  readonly nearest?: NearestByMetric;
}

/** Why an account is judged as it is. */
export interface Reason {
  /** The name of a rule, of a feature that the model read, or `people`. */
  readonly by: string;
  readonly kind: "people" | "strong" | "weak" | "model";
  readonly speaksFor: Verdict;
  readonly text: string;
}

/** Where the model's labels came from. */
export interface LabelSource {
  /**
   * `people`: judgements by people alone; `rules`: verdicts of strong rules, corrected by people, and everybody whom none of them
   * settled taken for a person; `none`: too few of either.
   */
  readonly source: "people" | "rules" | "none";
  readonly human: number;
  readonly sybil: number;
  /** Accounts that nothing settled, and that the model was told are people. */
  readonly takenForPeople: number;
  /** Features that the model must not read, because its labels were made from the same sources. */
  readonly leftOut: readonly string[];
}

/** One entry of each list for each donor, in the order of the donations. */
export interface RoundAssessment {
  readonly donors: readonly string[];
  readonly features: FeatureTable;
  readonly heuristics: HeuristicsResult;
  /** What the heuristics were: the hash that can be published before the round. */
  readonly heuristicsHash: string;
  readonly labels: LabelSource;
  readonly agreement: Agreement;
  readonly model: FittedModel | undefined;
  /** Why there is no model; undefined where there is one. */
  readonly modelRefused: string | undefined;
  /** What people settled, then what a strong rule did; undefined where only a model can say. */
  readonly settled: readonly (Verdict | undefined)[];
  /** Of being a Sybil: 1 or 0 where it is settled, else the model's; NaN where nothing says anything. */
  readonly probability: Float64Array;
  /** The model's for every donor, settled ones too; NaN where there is no model. */
  readonly modelProbability: Float64Array;
  /** 1 from `flagFrom` on. An unknown probability flags nobody. */
  readonly flagged: Uint8Array;
  readonly reasons: readonly (readonly Reason[])[];
  readonly drift: Drift | undefined;
  /** For the next round. */
  readonly summary: RoundSummary;
}

/**
 * Assesses a round. Deterministic: neither the order of the donors nor their ids change what is said of any of them. Flags are advice:
 * removing an account's influence is a decision of its own.
 */
export function assessRound(tables: RoundTables, config: AssessConfig = {}): RoundAssessment {
  const rules = config.heuristics ?? DEFAULT_HEURISTICS;
  const donors = tables.donations.donorNames;
  const nearest = config.nearest === undefined ? {} : { nearest: config.nearest };
  const features = computeFeatures(tables, { signs: rules.signs, ...nearest });
  const judged = consensus(donors, tables.labels);
  const heuristics = runHeuristics(rules.rules, features, judged);
  const settled = judged.map((verdict, row) => verdict ?? heuristics.verdicts[row]);
  const learnt = learn(features, rules.rules, judged, settled, config);
  const { model } = learnt;
  const rows = donors.map((_, row) => row);
  const modelProbability =
    model === undefined ? new Float64Array(donors.length).fill(NaN) : predict(model, features, rows);
  const probability = modelProbability.map((value, row) => {
    const verdict = settled[row];
    return verdict === undefined ? value : Number(verdict === "sybil");
  });
  const flagged = Uint8Array.from(probability, (value) => Number(value >= tables.settings.flagFrom));
  const count = flagged.reduce((sum, flag) => sum + flag, 0);
  return {
    donors,
    features,
    heuristics,
    heuristicsHash: heuristicsHash(rules),
    labels: learnt.labels,
    agreement: agreement(tables.labels),
    model,
    modelRefused: learnt.refused,
    settled,
    probability,
    modelProbability,
    flagged,
    reasons: rows.map((row) => [
      ...peopleSay(judged[row]),
      ...(heuristics.evidence[row] ?? []).map(({ rule, strength, verdict, reason }): Reason => ({
        by: rule,
        kind: strength,
        speaksFor: verdict,
        text: reason,
      })),
      ...(model === undefined ? [] : modelSays(model, features, row)),
    ]),
    drift: config.previous === undefined ? undefined : measureDrift(features, count, config.previous),
    summary: summariseRound(features, count),
  };
}

/** Sources that are personal data: what people call themselves, and the addresses and devices that they were seen on. */
export const PERSONAL_SOURCES: readonly string[] = ["name", "origins"];

/** The model of an assessment, fitted again without some sources. */
export interface Refit {
  /** Features that it was kept from, and that the model of the assessment could read. */
  readonly leftOut: readonly string[];
  /** Undefined where without them there is none. */
  readonly model: FittedModel | undefined;
}

/**
 * Fits the model of an assessment once more without the features of some sources: to the same labels, judged by the same clusters. It
 * says how good a model would be for which nobody had asked for them. `rules` and `model` are those of the assessment.
 */
export function refitWithout(
  sources: readonly string[],
  tables: RoundTables,
  { donors, features, settled, labels, model }: RoundAssessment,
  config: { readonly rules: readonly Rule[]; readonly model?: ModelSettings },
): Refit {
  const settings = config.model === undefined ? {} : { model: config.model };
  const judged = consensus(donors, tables.labels);
  const known = new Set(labels.leftOut);
  const leftOut = sharingSources(features.specs, [], sources).filter((name) => !known.has(name));
  if (model === undefined || leftOut.length === 0) return { leftOut, model };
  const learnt = learn(features, config.rules, judged, settled, { withoutSources: sources, ...settings });
  return { leftOut, model: learnt.model };
}

type Judged = readonly (Verdict | undefined)[];

/** The model, from what people said where that is enough, else from what is settled. */
function learn(
  features: FeatureTable,
  rules: readonly Rule[],
  judged: Judged,
  settled: Judged,
  config: AssessConfig,
): { labels: LabelSource; model: FittedModel | undefined; refused: string | undefined } {
  const count = (verdicts: Judged, wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length;
  const enough = (verdicts: Judged) => Math.min(count(verdicts, "human"), count(verdicts, "sybil")) >= LEAST_OF_CLASS;
  const source = enough(judged) ? "people" : enough(settled) ? "rules" : "none";
  const verdicts = source === "people" ? judged : settled;
  const strong = rules.filter(({ strength }) => strength === "strong");
  const readByRules = source === "rules" ? strong.flatMap(({ reads }) => reads) : [];
  const leftOut = sharingSources(features.specs, readByRules, config.withoutSources ?? []);
  // Rules settle people who show much. Learnt from these alone, whoever shows little, a newcomer, would look like a Sybil.
  const taken = source === "rules" ? verdicts.map((verdict) => verdict ?? "human") : verdicts;
  const [human, sybil] = [count(verdicts, "human"), count(verdicts, "sybil")];
  const labels = { source, human, sybil, takenForPeople: count(taken, "human") - human, leftOut } as const;
  const names = features.specs.map(({ name }) => name).filter((name) => !leftOut.includes(name));
  const { model, refused } = fitModel(features, names, trainingOf(features, taken), config.model ?? DEFAULT_MODEL);
  return { labels, model, refused };
}

/** The features that were read, and all that are computed from the same sources. */
function sharingSources(
  specs: readonly FeatureSpec[],
  read: readonly string[],
  withoutSources: readonly string[],
): string[] {
  const names = new Set(read);
  const sources = new Set([
    ...specs.filter(({ name }) => names.has(name)).flatMap((spec) => spec.sources),
    ...withoutSources,
  ]);
  return specs.filter((spec) => spec.sources.some((source) => sources.has(source))).map(({ name }) => name);
}

function trainingOf({ clusters, rows: donors }: FeatureTable, verdicts: Judged): Training {
  const rows = [...verdicts.keys()].filter((row) => verdicts[row] !== undefined);
  return {
    rows: Uint32Array.from(rows),
    outcomes: Uint8Array.from(rows, (row) => Number(verdicts[row] === "sybil")),
    weights: new Float64Array(rows.length).fill(1 / rows.length),
    // A donor without a cluster is a group of its own, numbered above all clusters.
    groups: Int32Array.from(rows, (row) => (clusters.of[row] === -1 ? donors + row : (clusters.of[row] as number))),
  };
}

function peopleSay(verdict: Verdict | undefined): Reason[] {
  if (verdict === undefined) return [];
  const text =
    verdict === "human"
      ? "people who looked at it hold it for a person"
      : "people who looked at it hold it for a Sybil";
  return [{ by: "people", kind: "people", speaksFor: verdict, text }];
}

/** How many features of a model are named, and from which factor of the odds on. */
const MOST_FEATURES = 3;
const LEAST_FACTOR = 1.2;

/** The features that move the odds of an account most, either way. */
function modelSays(model: FittedModel, features: FeatureTable, row: number): Reason[] {
  const parts = contributions(model, features, row);
  const order = [...model.terms.keys()]
    .filter((at) => Math.abs(parts[at] as number) >= Math.log(LEAST_FACTOR))
    .sort((a, b) => Math.abs(parts[b] as number) - Math.abs(parts[a] as number) || a - b);
  return order.slice(0, MOST_FEATURES).map((at): Reason => {
    const { feature, kind } = model.terms[at] as ModelTerm;
    const part = parts[at] as number;
    const spec = features.specs.find(({ name }) => name === feature) as FeatureSpec;
    const factor = Math.exp(Math.abs(part)).toFixed(1);
    const text = `${shown(spec, kind, featureAt(features, feature, row))}; ${part > 0 ? "raises" : "lowers"} the odds of a Sybil ${factor} times`;
    return { by: feature, kind: "model", speaksFor: part > 0 ? "sybil" : "human", text };
  });
}

function shown({ name, sentence }: FeatureSpec, kind: ModelTerm["kind"], value: number): string {
  if (kind === "missing") return `${sentence}: ${Number.isNaN(value) ? "unknown" : "known"}`;
  if (name.startsWith(STAMP_PREFIX)) return `${sentence}: ${value === 1 ? "yes" : "no"}`;
  return `${sentence}: ${figure(value)}`;
}
