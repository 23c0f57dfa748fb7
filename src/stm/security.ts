// The lottery's bound on forging and on failing, not the paper's full theorem. Binomial coefficients and sums are exact
// integers; only the last logarithms are doubles, whose error stays below 10^−9 bits.
import { exactDouble } from "./double.js";
import { StmError } from "./errors.js";
import { checkParameters, type StmParameters } from "./parameters.js";

const SCALE_BITS = 128;
const SCALE = 1n << BigInt(SCALE_BITS);

function log2(value: bigint): number {
  const excess = Math.max(0, value.toString(2).length - 60);
  return Math.log2(Number(value >> BigInt(excess))) + excess;
}

function log2Binomial(n: bigint, k: bigint): number {
  let product = 1n;
  for (let i = 0n; i < k; i++) product = (product * (n - i)) / (i + 1n);
  return log2(product);
}

interface Chance {
  /** log2 of p and of 1 − p, and p / (1 − p). */
  readonly wins: number;
  readonly loses: number;
  readonly odds: number;
}

/** The chance that a share of the stake wins one lottery: p = 1 − (1 − phi_f)^share. */
function chance(phiF: number, share: number): Chance {
  const exponent = share * Math.log1p(-phiF);
  const p = -Math.expm1(exponent);
  return { wins: Math.log2(p), loses: exponent / Math.LN2, odds: p / Math.exp(exponent) };
}

/** Less stake than one part in 10^12 is no party that anybody plans with, and would leave the doubles' range. */
const LEAST_SHARE = 1e-12;

function checkShare(share: number): void {
  if (!(share >= LEAST_SHARE && share <= 1)) {
    throw new StmError("stm/bad-parameters", `${share} is no share of the stake between ${LEAST_SHARE} and 1`);
  }
}

/** −log2 of Σ over terms that begin with C(m, start) p^start (1−p)^(m−start) and change by odds · ratio. */
function tail(m: bigint, start: bigint, p: Chance, odds: number, ratios: Iterable<readonly [bigint, bigint]>): number {
  const exact = exactDouble(odds);
  let term = SCALE;
  let sum = SCALE;
  for (const [numerator, denominator] of ratios) {
    term = (term * exact.numerator * numerator) / (exact.denominator * denominator);
    if (term === 0n) break;
    sum += term;
  }
  const first = log2Binomial(m, start) + Number(start) * p.wins + Number(m - start) * p.loses;
  return Math.max(0, SCALE_BITS - first - log2(sum));
}

/**
 * −log2 of the chance that `share` of the registered stake reaches the quorum for one message: the security level, in bits.
 * Trying T messages costs log2 T bits of it.
 */
export function securityLevel(parameters: StmParameters, share: number): number {
  checkParameters(parameters);
  checkShare(share);
  const { k, m, phiF } = parameters;
  if (phiF === 1) return 0;
  const p = chance(phiF, share);
  function* upwards(): Generator<readonly [bigint, bigint]> {
    for (let i = k; i < m; i++) yield [m - i, i + 1n];
  }
  return tail(m, k, p, p.odds, upwards());
}

/** −log2 of the chance that signers with `share` of the registered stake miss the quorum for one message. */
export function failureExponent(parameters: StmParameters, share: number): number {
  checkParameters(parameters);
  checkShare(share);
  const { k, m, phiF } = parameters;
  if (phiF === 1) return Number.POSITIVE_INFINITY;
  const p = chance(phiF, share);
  function* downwards(): Generator<readonly [bigint, bigint]> {
    for (let i = k - 1n; i > 0n; i--) yield [i, m - i + 1n];
  }
  return tail(m, k - 1n, p, 1 / p.odds, downwards());
}

/** The share that wins k lotteries on average: ln(1 − k/m) / ln(1 − phi_f). May be above 1. */
export function breakEvenShare(parameters: StmParameters): number {
  checkParameters(parameters);
  const ratio = Number(parameters.k) / Number(parameters.m);
  return Math.log1p(-ratio) / Math.log1p(-parameters.phiF);
}
