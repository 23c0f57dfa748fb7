const SPACE = 1n << 512n;
const SCALE = 1n << 120n;
const MOST_TERMS = 1000;

/**
 * The native rule, in exact integers: does the draw `ev` (of 512 bits) win with `stake` of `totalStake`? With
 * q = 2^512 / (2^512 − ev) and x = c120/2^120 · stake/totalStake, the series of e^x is summed until q lies outside three
 * times its next term. The logarithm is a double and hence an exact multiple of 2^−120 (see `scaledLogarithm`).
 */
export function winsExactly(ev: bigint, scaledLog: bigint, stake: bigint, totalStake: bigint): boolean {
  const x = scaledLog * stake;
  const unit = SCALE * totalStake;
  const divisor = SPACE - ev;
  // Sum and term over one denominator, which grows by unit · n at each step.
  let denominator = unit;
  let sum = unit;
  let term = x;
  for (let n = 1; n <= MOST_TERMS; n++) {
    sum += term;
    const step = unit * BigInt(n + 1);
    denominator *= step;
    sum *= step;
    term *= x;
    const left = SPACE * denominator;
    if (left > (sum + 3n * term) * divisor) return false;
    if (left < (sum - 3n * term) * divisor) return true;
  }
  return false;
}
