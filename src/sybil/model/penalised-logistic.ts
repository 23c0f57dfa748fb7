// Logistic regression with an elastic-net penalty: the minimum over intercept a and slopes b of
//   sum_i w_i (log(1 + exp(eta_i)) - y_i eta_i) + lambda ((1 - alpha) / 2 |b|^2 + alpha |b|_1),   eta = a + X b,   sum_i w_i = 1,
// over standardised columns; the intercept is not penalised. alpha = 1 is L1, 0 is L2 (ridge). Source: Friedman, Hastie, Tibshirani,
// "Regularization Paths for Generalized Linear Models via Coordinate Descent", J. Stat. Softw. 33(1), 2010: Newton steps on the
// log-likelihood, coordinate descent on the penalised quadratic (their "covariance updates"), warm starts along falling lambda,
// and the strong rule for which columns to look at (Tibshirani et al. 2012). Where we differ: a matrix of second derivatives is
// kept for as long as it serves, a step that does not lower the objective is halved, and ridge solves its linear system by
// Cholesky. What is returned is judged by the optimality conditions at the true gradient, whatever the steps were.
import { Cholesky } from "./cholesky.js";

export interface Problem {
  /** Standardised, one for each slope. */
  readonly columns: readonly Float64Array[];
  /** 0 or 1. */
  readonly outcomes: Uint8Array;
  /** Sum to 1. */
  readonly weights: Float64Array;
}

export interface Penalty {
  readonly alpha: number;
  readonly lambda: number;
}

export interface Solution {
  readonly intercept: number;
  readonly slopes: Float64Array;
  /** The largest violation of an optimality condition. */
  readonly violation: number;
  readonly converged: boolean;
}

const MOST_STEPS = 200;
/** A step that leaves more than this share of the violation asks for fresh second derivatives. */
const SLOW = 0.25;
/** What sums over rows lose of an objective of about 1. */
const ROUNDING = 1e-13;

interface Point {
  readonly intercept: number;
  readonly slopes: Float64Array;
  readonly eta: Float64Array;
  readonly objective: number;
}

interface Curvature {
  /** Columns it is over; position 0 of the matrix is the intercept. */
  readonly members: readonly number[];
  readonly matrix: Float64Array;
}

export class PenalisedLogistic {
  readonly #problem: Problem;
  readonly #rows: number;
  readonly #size: number;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#rows = problem.outcomes.length;
    this.#size = problem.columns.length;
  }

  /** The least lambda at which all slopes are 0; of ridge, which has none, that of alpha = 0.001, as is usual. */
  lambdaMax(alpha: number): number {
    const start = this.#nullPoint();
    const { slopes } = this.#gradient(start.eta);
    return slopes.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / Math.max(alpha, 0.001);
  }

  /** Solutions along falling `lambdas`, each started at the one before it. */
  path(alpha: number, lambdas: readonly number[], tolerance = 1e-9): Solution[] {
    let point = this.#nullPoint();
    let before = this.lambdaMax(alpha);
    let curvature: Curvature | undefined;
    return lambdas.map((lambda) => {
      const found = this.#descend(point, { alpha, lambda }, Math.max(before, lambda), tolerance, curvature);
      before = lambda;
      point = found.point;
      curvature = found.curvature;
      const { intercept, slopes } = point;
      return { intercept, slopes, violation: found.violation, converged: found.violation <= tolerance };
    });
  }

  /** Second derivatives of the unpenalised mean loss over intercept (first) and all slopes, in rows. */
  information(intercept: number, slopes: Float64Array): Float64Array {
    const eta = this.#etaOf(intercept, slopes);
    return this.#curvature(
      eta,
      slopes.map((_, column) => column),
    ).matrix;
  }

  #nullPoint(): Point {
    const { outcomes, weights } = this.#problem;
    let share = 0;
    for (let i = 0; i < this.#rows; i++) share += (weights[i] as number) * (outcomes[i] as number);
    const intercept = Math.log(share / (1 - share));
    const slopes = new Float64Array(this.#size);
    const eta = new Float64Array(this.#rows).fill(intercept);
    return { intercept, slopes, eta, objective: this.#loss(eta) };
  }

  #descend(start: Point, penalty: Penalty, before: number, tolerance: number, given: Curvature | undefined) {
    const { alpha, lambda } = penalty;
    let point = { ...start, objective: this.#loss(start.eta) + penaltyOf(start.slopes, penalty) };
    let curvature = given;
    let fresh = false;
    let last = Infinity;
    let violation = Infinity;
    const keep = new Set<number>();
    for (let step = 0; step < MOST_STEPS; step++) {
      const gradient = this.#gradient(point.eta);
      const faults = violations(gradient, point.slopes, penalty);
      violation = faults.reduce((most, fault) => Math.max(most, fault), Math.abs(gradient.intercept));
      if (violation <= tolerance) break;
      const likely = alpha * (2 * lambda - before);
      gradient.slopes.forEach((value, column) => {
        const wanted =
          point.slopes[column] !== 0 || Math.abs(value) >= likely || (faults[column] as number) > tolerance;
        if (wanted) keep.add(column);
      });
      const known = new Set(curvature?.members);
      if (
        curvature === undefined ||
        [...keep].some((column) => !known.has(column)) ||
        (violation > SLOW * last && !fresh)
      ) {
        const members = [...new Set([...known, ...keep])].sort((a, b) => a - b);
        curvature = this.#curvature(point.eta, members);
        fresh = true;
      } else fresh = false;
      last = violation;
      let next = this.#step(point, gradient, curvature, penalty);
      if (next === undefined && !fresh) {
        curvature = this.#curvature(point.eta, curvature.members);
        fresh = true;
        next = this.#step(point, gradient, curvature, penalty);
      }
      // Nothing lower to be found in double precision: this is as near as it gets.
      if (next === undefined) break;
      point = next;
    }
    return { point, violation, curvature };
  }

  /** The minimum of the quadratic, or the first point on the way to it that is low enough; undefined where none is. */
  #step(point: Point, gradient: Gradient, curvature: Curvature, penalty: Penalty): Point | undefined {
    const direction = penalty.alpha === 0 ? ridgeStep(point, gradient, curvature, penalty) : undefined;
    const moves = direction ?? coordinateDescent(point, gradient, curvature, penalty);
    const slope = (moves[0] as number) * gradient.intercept;
    const target = point.slopes.slice();
    let expected = slope;
    curvature.members.forEach((column, at) => {
      const move = moves[at + 1] as number;
      expected += move * (gradient.slopes[column] as number);
      target[column] = (target[column] as number) + move;
    });
    expected += penaltyOf(target, penalty) - penaltyOf(point.slopes, penalty);
    const etaMove = new Float64Array(this.#rows).fill(moves[0] as number);
    curvature.members.forEach((column, at) => {
      const move = moves[at + 1] as number;
      if (move !== 0) addTo(etaMove, this.#problem.columns[column] as Float64Array, move);
    });
    for (let share = 1; share > 1e-6; share /= 2) {
      const slopes = point.slopes.slice();
      curvature.members.forEach((column, at) => {
        // A whole step lands on zeros exactly.
        const whole = target[column] as number;
        slopes[column] = share === 1 ? whole : (slopes[column] as number) + share * (moves[at + 1] as number);
      });
      const eta = point.eta.slice();
      addTo(eta, etaMove, share);
      const objective = this.#loss(eta) + penaltyOf(slopes, penalty);
      // Armijo's condition; near the minimum both sides are rounding.
      if (objective <= point.objective + 1e-4 * share * expected + ROUNDING) {
        return { intercept: point.intercept + share * (moves[0] as number), slopes, eta, objective };
      }
    }
    return undefined;
  }

  #etaOf(intercept: number, slopes: Float64Array): Float64Array {
    const eta = new Float64Array(this.#rows).fill(intercept);
    slopes.forEach((slope, column) => {
      if (slope !== 0) addTo(eta, this.#problem.columns[column] as Float64Array, slope);
    });
    return eta;
  }

  #loss(eta: Float64Array): number {
    const { outcomes, weights } = this.#problem;
    let sum = 0;
    for (let i = 0; i < this.#rows; i++) {
      const value = eta[i] as number;
      sum += (weights[i] as number) * (softplus(value) - (outcomes[i] === 1 ? value : 0));
    }
    return sum;
  }

  #gradient(eta: Float64Array): Gradient {
    const { outcomes, weights, columns } = this.#problem;
    const residuals = new Float64Array(this.#rows);
    let intercept = 0;
    for (let i = 0; i < this.#rows; i++) {
      const residual = (weights[i] as number) * (sigmoid(eta[i] as number) - (outcomes[i] as number));
      residuals[i] = residual;
      intercept += residual;
    }
    return { intercept, slopes: Float64Array.from(columns, (column) => dot(column, residuals)) };
  }

  #curvature(eta: Float64Array, members: ArrayLike<number>): Curvature {
    const { weights, columns } = this.#problem;
    const list = Array.from(members);
    const size = list.length + 1;
    const matrix = new Float64Array(size * size);
    const variances = eta.map((value, i) => {
      const p = sigmoid(value);
      return (weights[i] as number) * p * (1 - p);
    });
    const weighted = new Float64Array(this.#rows);
    matrix[0] = variances.reduce((sum, value) => sum + value, 0);
    list.forEach((column, at) => {
      const values = columns[column] as Float64Array;
      let sum = 0;
      for (let i = 0; i < weighted.length; i++) {
        const value = (variances[i] as number) * (values[i] as number);
        weighted[i] = value;
        sum += value;
      }
      const row = at + 1;
      matrix[row] = matrix[row * size] = sum;
      for (let other = 0; other <= at; other++) {
        const both = dot(columns[list[other] as number] as Float64Array, weighted);
        matrix[row * size + other + 1] = matrix[(other + 1) * size + row] = both;
      }
    });
    return { members: list, matrix };
  }
}

interface Gradient {
  readonly intercept: number;
  readonly slopes: Float64Array;
}

export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)));
export const softplus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

/** Four sums side by side: one alone waits for each addition to end before the next. */
function dot(a: Float64Array, b: Float64Array): number {
  let [one, two, three, four] = [0, 0, 0, 0];
  const whole = a.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    one += (a[i] as number) * (b[i] as number);
    two += (a[i + 1] as number) * (b[i + 1] as number);
    three += (a[i + 2] as number) * (b[i + 2] as number);
    four += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = whole; i < a.length; i++) one += (a[i] as number) * (b[i] as number);
  return one + two + (three + four);
}

function addTo(target: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (values[i] as number);
}

function penaltyOf(slopes: Float64Array, { alpha, lambda }: Penalty): number {
  let [squares, sizes] = [0, 0];
  for (const slope of slopes) {
    squares += slope * slope;
    sizes += Math.abs(slope);
  }
  return lambda * (((1 - alpha) / 2) * squares + alpha * sizes);
}

/** How far each slope is from its optimality condition (Karush, Kuhn, Tucker). */
function violations({ slopes: gradient }: Gradient, slopes: Float64Array, { alpha, lambda }: Penalty): Float64Array {
  return slopes.map((slope, column) => {
    const value = gradient[column] as number;
    if (slope === 0) return Math.max(0, Math.abs(value) - alpha * lambda);
    return Math.abs(value + lambda * ((1 - alpha) * slope + alpha * Math.sign(slope)));
  });
}

function ridgeStep(point: Point, gradient: Gradient, { members, matrix }: Curvature, { lambda }: Penalty) {
  const size = members.length + 1;
  const penalised = matrix.slice();
  members.forEach((_, at) => (penalised[(at + 1) * (size + 1)]! += lambda));
  const right = [-gradient.intercept];
  for (const column of members) {
    right.push(-(gradient.slopes[column] as number) - lambda * (point.slopes[column] as number));
  }
  return Cholesky.of(penalised, size)?.solve(right);
}

/** The minimum of the penalised quadratic, coordinate after coordinate: the move of the intercept, then of each member. */
function coordinateDescent(point: Point, gradient: Gradient, { members, matrix }: Curvature, penalty: Penalty) {
  const { alpha, lambda } = penalty;
  const size = members.length + 1;
  const moves = new Float64Array(size);
  // The quadratic's own slope along each coordinate, kept up to date.
  const slopes = new Float64Array(size);
  slopes[0] = gradient.intercept;
  members.forEach((column, at) => (slopes[at + 1] = gradient.slopes[column] as number));
  const move = (at: number, by: number) => {
    moves[at] = (moves[at] as number) + by;
    for (let k = 0; k < size; k++) slopes[k] = (slopes[k] as number) + by * (matrix[at * size + k] as number);
  };
  let least = Infinity;
  for (let sweep = 0; sweep < 2_000; sweep++) {
    let largest = 0;
    for (let at = 0; at < size; at++) {
      const curvature = matrix[at * size + at] as number;
      if (curvature <= 0) continue;
      let by: number;
      if (at === 0) by = -(slopes[0] as number) / curvature;
      else {
        const now = (point.slopes[members[at - 1] as number] as number) + (moves[at] as number);
        const pull = curvature * now - (slopes[at] as number);
        const shrunk = Math.max(0, Math.abs(pull) - lambda * alpha) * Math.sign(pull);
        by = shrunk / (curvature + lambda * (1 - alpha)) - now;
      }
      if (by === 0) continue;
      move(at, by);
      largest = Math.max(largest, by * by * curvature);
    }
    if (sweep === 0) least = 1e-10 * largest;
    if (largest <= least) break;
  }
  return moves;
}
