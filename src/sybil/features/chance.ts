const logFactorials: number[] = [0];

/** log(n!) as a sum, kept: counts come again. */
function logFactorial(n: number): number {
  for (let at = logFactorials.length; at <= n; at++)
    logFactorials.push((logFactorials[at - 1] as number) + Math.log(at));
  return logFactorials[n] as number;
}

/** How likely chance gives `count` or more where `expected` are to be expected: the upper tail of the Poisson distribution. */
export function chanceOfAtLeast(count: number, expected: number): number {
  if (count === 0) return 1;
  if (expected === 0) return 0;
  const term = (k: number) => Math.exp(k * Math.log(expected) - expected - logFactorial(k));
  let sum = 0;
  if (count <= expected) {
    for (let k = 0; k < count; k++) sum += term(k);
    return 1 - sum;
  }
  // Above the mean the tail is summed itself: 1 minus the rest would be rounding.
  for (let k = count, next = term(count); ; next = term(++k)) {
    sum += next;
    if (next <= 1e-12 * sum) return sum;
  }
}
