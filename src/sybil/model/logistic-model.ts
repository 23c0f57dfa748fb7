// One penalised logistic model of a round: its coefficients in the features' own units, their errors, and its probabilities.
import type { FeatureTable } from "../features/feature-table.js";
import { SEPARATED_BEYOND } from "../tuning/coefficients.js";
import { Cholesky } from "./cholesky.js";
import { chooseTerms, designColumns, standardised, type Term, type Training } from "./design.js";
import { PenalisedLogistic, sigmoid, type Penalty, type Problem, type Solution } from "./penalised-logistic.js";

/** With fewer holders of either class a stamp's coefficient is chance (sybil.md, 2.9). */
export const LEAST_HOLDERS = 20;

export interface ModelTerm extends Term {
  /** For a column of standard deviation 1: sizes that can be compared. */
  readonly standardised: number;
  /** Log-odds of being a Sybil for each unit of the feature (of its logarithm where the scale is one). */
  readonly coefficient: number;
  /**
   * Of the coefficient, under ridge: from H^-1 I H^-1 with H the penalised and I the plain matrix of second derivatives (le Cessie
   * and van Houwelingen 1992), at the lambda chosen; the bias of shrinkage is not in it. Undefined under L1 and the elastic net,
   * where the likelihood has a kink at 0 and no such error exists.
   */
  readonly standardError: number | undefined;
  /** Holders among people and Sybils of a column of 0 and 1. */
  readonly holders: { readonly human: number; readonly sybil: number } | undefined;
  /** Why the coefficient must not become a weight; undefined where it may. */
  readonly separated: "coefficient" | "few-holders" | undefined;
}

export interface LogisticModel {
  readonly penalty: Penalty;
  /** Log-odds where every feature is 0. */
  readonly intercept: number;
  readonly interceptError: number | undefined;
  readonly terms: readonly ModelTerm[];
  /** The largest violation of an optimality condition that is left. */
  readonly violation: number;
  readonly converged: boolean;
}

/** The problem of a training set in standardised columns. */
export function problemOf(table: FeatureTable, terms: readonly Term[], training: Training): Problem {
  const { outcomes, weights, rows } = training;
  return { columns: designColumns(table, terms, rows), outcomes, weights };
}

/** Fits the features `names` at one penalty. `lambdas` above it are passed through first: each start is then near its end. */
export function fitLogistic(
  table: FeatureTable,
  names: readonly string[],
  training: Training,
  penalty: Penalty,
  lambdas: readonly number[] = [],
): LogisticModel {
  const terms = chooseTerms(table, names, training);
  const solver = new PenalisedLogistic(problemOf(table, terms, training));
  const way = [...lambdas.filter((lambda) => lambda > penalty.lambda), penalty.lambda];
  return describeModel(solver, terms, training, penalty, solver.path(penalty.alpha, way).at(-1) as Solution, table);
}

function describeModel(
  solver: PenalisedLogistic,
  terms: readonly Term[],
  training: Training,
  penalty: Penalty,
  { intercept, slopes, violation, converged }: Solution,
  table: FeatureTable,
): LogisticModel {
  const covariance = penalty.alpha === 0 ? ridgeCovariance(solver, intercept, slopes, penalty, training) : undefined;
  const size = slopes.length + 1;
  // a + sum b (x - mean) / deviation: what each standardised number adds to the intercept in the features' own units.
  const shifts = Float64Array.from([1, ...terms.map(({ mean, deviation }) => -mean / deviation)]);
  let interceptVariance = 0;
  if (covariance !== undefined) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        interceptVariance += (shifts[i] as number) * (shifts[j] as number) * (covariance[i * size + j] as number);
      }
    }
  }
  const described = terms.map((term, at): ModelTerm => {
    const slope = slopes[at] as number;
    const coefficient = slope / term.deviation;
    const variance = covariance?.[(at + 1) * (size + 1)];
    const holders = term.binary ? countHolders(table, term, training) : undefined;
    const few = holders !== undefined && Math.min(holders.human, holders.sybil) < LEAST_HOLDERS;
    // Of columns that are not 0 and 1 the unit is arbitrary: the standardised size is what can be judged.
    const beyond = Math.abs(term.binary ? coefficient : slope) > SEPARATED_BEYOND;
    return {
      ...term,
      standardised: slope,
      coefficient,
      standardError: variance === undefined ? undefined : Math.sqrt(variance) / term.deviation,
      holders,
      separated: beyond ? "coefficient" : few ? "few-holders" : undefined,
    };
  });
  return {
    penalty,
    intercept: described.reduce((sum, { coefficient, mean }) => sum - coefficient * mean, intercept),
    interceptError: covariance === undefined ? undefined : Math.sqrt(interceptVariance),
    terms: described,
    violation,
    converged,
  };
}

function countHolders(table: FeatureTable, { feature, kind }: Term, { rows, outcomes }: Training) {
  const column = table.columns.get(feature) as Float64Array;
  const holders = { human: 0, sybil: 0 };
  rows.forEach((row, at) => {
    const value = column[row] as number;
    if (kind === "missing" ? !Number.isNaN(value) : value !== 1) return;
    holders[outcomes[at] === 1 ? "sybil" : "human"] += 1;
  });
  return holders;
}

/** Covariance of intercept and slopes of the standardised ridge. Weights sum to 1, so the rows put the scale back. */
function ridgeCovariance(
  solver: PenalisedLogistic,
  intercept: number,
  slopes: Float64Array,
  { lambda }: Penalty,
  training: Training,
): Float64Array | undefined {
  const size = slopes.length + 1;
  const information = solver.information(intercept, slopes);
  const penalised = information.slice();
  for (let at = 1; at < size; at++) penalised[at * (size + 1)]! += lambda;
  const inverse = Cholesky.of(penalised, size)?.inverse();
  if (inverse === undefined) return undefined;
  const rows = effectiveRows(training.weights);
  return multiply(multiply(inverse, information, size), inverse, size).map((value) => value / rows);
}

/** Rows of equal weight that would be worth as much (Kish). */
function effectiveRows(weights: Float64Array): number {
  return 1 / weights.reduce((sum, weight) => sum + weight * weight, 0);
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const value = a[i * size + k] as number;
      for (let j = 0; j < size; j++) product[i * size + j]! += value * (b[k * size + j] as number);
    }
  }
  return product;
}

/** What each term adds to the log-odds of a row, against an account that is average in everything. */
export function contributions({ terms }: LogisticModel, table: FeatureTable, row: number): Float64Array {
  return Float64Array.from(terms, (term) => {
    const value = table.columns.get(term.feature)?.[row] ?? NaN;
    return term.standardised * standardised(term, value);
  });
}

/** The probability of being a Sybil of each row. */
export function predict(model: LogisticModel, table: FeatureTable, rows: ArrayLike<number>): Float64Array {
  const base = model.terms.reduce((sum, { coefficient, mean }) => sum + coefficient * mean, model.intercept);
  const eta = new Float64Array(rows.length).fill(base);
  for (const term of model.terms) {
    if (term.standardised === 0) continue;
    const column = table.columns.get(term.feature);
    for (let at = 0; at < rows.length; at++) {
      const value = column === undefined ? NaN : (column[rows[at] as number] as number);
      eta[at] = (eta[at] as number) + term.standardised * standardised(term, value);
    }
  }
  return eta.map(sigmoid);
}
