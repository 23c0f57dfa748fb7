// The model of a round: its penalty is chosen by cross-validation over groups, and it is judged by the accounts left out.
import type { FeatureTable } from "../features/feature-table.js";
import { chooseTerms, designColumns, type Term, type Training } from "./design.js";
import { assignFolds, canonicalTraining } from "./folds.js";
import { fitLogistic, problemOf, type LogisticModel } from "./logistic-model.js";
import { PenalisedLogistic, sigmoid, softplus, type Solution } from "./penalised-logistic.js";
import { measureQuality, type Quality } from "./quality.js";

/** With fewer accounts of either class nothing is fitted. */
export const LEAST_OF_CLASS = 20;

export interface ModelSettings {
  /** 1 is L1, 0 is L2, between them the elastic net. */
  readonly alpha: number;
  readonly folds: number;
  /** How many penalties are tried, from the one that leaves nothing down to `ratio` of it. */
  readonly lambdas: number;
  readonly ratio: number;
  readonly seed: number;
  /** The penalty of least loss, or the largest within one standard error of it. */
  readonly choice: "one-standard-error" | "least-loss";
}

export const DEFAULT_MODEL: ModelSettings = {
  alpha: 1,
  folds: 5,
  lambdas: 50,
  ratio: 1e-3,
  seed: 1,
  choice: "one-standard-error",
};

export interface PathPoint {
  readonly lambda: number;
  /** Mean log-loss over the folds left out, and its standard error. */
  readonly loss: number;
  readonly error: number;
  /** Slopes that are not 0 in the model of all rows. */
  readonly terms: number;
}

export interface FittedModel extends LogisticModel {
  readonly path: readonly PathPoint[];
  /** Over accounts whose whole group was left out. */
  readonly quality: Quality;
  readonly trainedOn: {
    readonly human: number;
    readonly sybil: number;
    readonly groups: number;
    readonly folds: number;
  };
}

/** A model, or why there is none. */
export type ModelResult =
  | { readonly model: FittedModel; readonly refused: undefined }
  | { readonly model: undefined; readonly refused: string };

const refuse = (reason: string): ModelResult => ({ model: undefined, refused: reason });

/** Fits the features `names`. The order of the training rows, and of the table's, changes nothing. */
export function fitModel(
  table: FeatureTable,
  names: readonly string[],
  given: Training,
  settings: ModelSettings = DEFAULT_MODEL,
): ModelResult {
  const sybil = given.outcomes.reduce((sum, outcome) => sum + outcome, 0);
  const human = given.outcomes.length - sybil;
  if (Math.min(human, sybil) < LEAST_OF_CLASS) {
    return refuse(`${human} accounts known as people and ${sybil} as Sybils; a model needs ${LEAST_OF_CLASS} of each`);
  }
  const training = canonicalTraining(table, names, given);
  const terms = chooseTerms(table, names, training);
  if (terms.length === 0) return refuse("no feature that the model may read differs between the known accounts");
  const solver = new PenalisedLogistic(problemOf(table, terms, training));
  const lambdas = lambdaPath(solver.lambdaMax(settings.alpha), settings);
  const validated = crossValidate(table, names, training, lambdas, settings);
  if (validated === undefined) {
    return refuse("the accounts of one class are so few clusters that none can be left out: nothing could be judged");
  }
  const { losses, errors, solutions } = validated;
  const chosen = choose(losses, errors, settings.choice);
  const lambda = lambdas[chosen] as number;
  const model = fitLogistic(table, names, training, { alpha: settings.alpha, lambda }, lambdas);
  const along = solver.path(settings.alpha, lambdas, 1e-6);
  const unseen = solutions(chosen);
  const path = lambdas.map((value, at) => ({
    lambda: value,
    loss: losses[at] as number,
    error: errors[at] as number,
    terms: (along[at] as Solution).slopes.filter((slope) => slope !== 0).length,
  }));
  return {
    model: {
      ...model,
      path,
      quality: measureQuality(unseen.probabilities, unseen.outcomes),
      trainedOn: { human, sybil, groups: new Set(training.groups).size, folds: validated.folds },
    },
    refused: undefined,
  };
}

function lambdaPath(most: number, { lambdas, ratio, alpha }: ModelSettings): number[] {
  // Ridge has no lambda that leaves nothing: its first one is a thousand times too large, and so is the way down.
  const way = alpha < 0.001 ? ratio * 1e-3 : ratio;
  return Array.from({ length: lambdas }, (_, at) => most * way ** (at / (lambdas - 1)));
}

/** The largest lambda (the earliest on the path) that the choice allows. */
function choose(losses: readonly number[], errors: readonly number[], choice: ModelSettings["choice"]): number {
  const least = losses.indexOf(Math.min(...losses));
  if (choice === "least-loss") return least;
  const limit = (losses[least] as number) + (errors[least] as number);
  return losses.findIndex((loss) => loss <= limit);
}

interface Fold {
  readonly terms: readonly Term[];
  readonly path: readonly Solution[];
  readonly left: Training;
  readonly columns: readonly Float64Array[];
  readonly weight: number;
}

/** Undefined where fewer than two folds leave both classes to learn from, or those folds judge one class only. */
function crossValidate(
  table: FeatureTable,
  names: readonly string[],
  training: Training,
  lambdas: readonly number[],
  settings: ModelSettings,
) {
  const foldOf = assignFolds(training, settings.folds, settings.seed);
  const folds: Fold[] = [];
  for (let fold = 0; fold < settings.folds; fold++) {
    const kept = subset(training, (at) => foldOf[at] !== fold);
    const left = subset(training, (at) => foldOf[at] === fold);
    if (left.rows.length === 0 || !kept.outcomes.includes(1) || !kept.outcomes.includes(0)) continue;
    // Means and deviations are of the rows kept: those left out are unseen in every way.
    const terms = chooseTerms(table, names, kept);
    const solver = new PenalisedLogistic(problemOf(table, terms, kept));
    const path = solver.path(settings.alpha, lambdas, 1e-6);
    const weight = left.weights.length / training.rows.length;
    folds.push({ terms, path, left, columns: designColumns(table, terms, left.rows), weight });
  }
  const judged = new Set(folds.flatMap(({ left }) => [...left.outcomes]));
  if (folds.length < 2 || judged.size < 2) return undefined;
  const total = folds.reduce((sum, { weight }) => sum + weight, 0);
  const perFold = folds.map((fold) => fold.path.map((solution) => lossOf(fold, solution)));
  const losses = lambdas.map((_, at) =>
    folds.reduce((sum, { weight }, fold) => sum + (weight / total) * (perFold[fold]?.[at] as number), 0),
  );
  const errors = losses.map((mean, at) => {
    const squares = perFold.reduce((sum, loss, fold) => {
      return sum + ((folds[fold] as Fold).weight / total) * ((loss[at] as number) - mean) ** 2;
    }, 0);
    return Math.sqrt(squares / (folds.length - 1));
  });
  const solutions = (at: number) => {
    const probabilities = folds.flatMap((fold) => [...etaOf(fold, fold.path[at] as Solution).map(sigmoid)]);
    return { probabilities, outcomes: folds.flatMap(({ left }) => [...left.outcomes]) };
  };
  return { losses, errors, solutions, folds: folds.length };
}

function etaOf({ columns, left }: Fold, { intercept, slopes }: Solution): Float64Array {
  const eta = new Float64Array(left.rows.length).fill(intercept);
  slopes.forEach((slope, at) => {
    if (slope === 0) return;
    const column = columns[at] as Float64Array;
    for (let i = 0; i < eta.length; i++) eta[i] = (eta[i] as number) + slope * (column[i] as number);
  });
  return eta;
}

/** Mean log-loss over the rows left out, by their weights. */
function lossOf(fold: Fold, solution: Solution): number {
  const { outcomes, weights } = fold.left;
  return etaOf(fold, solution).reduce((sum, eta, at) => {
    return sum + (weights[at] as number) * (softplus(eta) - (outcomes[at] === 1 ? eta : 0));
  }, 0);
}

function subset(training: Training, keep: (at: number) => boolean): Training {
  const places = Array.from(training.rows, (_, at) => at).filter(keep);
  const weights = Float64Array.from(places, (at) => training.weights[at] as number);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    rows: Uint32Array.from(places, (at) => training.rows[at] as number),
    outcomes: Uint8Array.from(places, (at) => training.outcomes[at] as number),
    weights: weights.map((weight) => weight / total),
    groups: Int32Array.from(places, (at) => training.groups[at] as number),
  };
}
