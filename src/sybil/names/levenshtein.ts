/**
 * The Levenshtein distance of two names in code points (insert, delete and substitute cost 1), or undefined when it is above
 * `limit`. Only the band that the limit leaves is computed: time grows with length times limit.
 */
export function levenshtein(a: ArrayLike<number>, b: ArrayLike<number>, limit = Infinity): number | undefined {
  if (a.length > b.length) [a, b] = [b, a];
  const [short, long] = [a.length, b.length];
  if (long - short > limit) return undefined;
  const band = Math.min(limit, long);
  const outside = band + 1;
  let row = Uint32Array.from({ length: short + 1 }, (_, i) => Math.min(i, outside));
  let next = new Uint32Array(short + 1);
  for (let j = 1; j <= long; j++) {
    const from = Math.max(1, j - band);
    const to = Math.min(short, j + band);
    next.fill(outside);
    if (from === 1) next[0] = Math.min(j, outside);
    let least = next[from - 1] as number;
    for (let i = from; i <= to; i++) {
      const substituted = (row[i - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const value = Math.min(substituted, (row[i] as number) + 1, (next[i - 1] as number) + 1, outside);
      next[i] = value;
      if (value < least) least = value;
    }
    if (least > band) return undefined;
    [row, next] = [next, row];
  }
  const distance = row[short] as number;
  return distance > band ? undefined : distance;
}

export const codePoints = (name: string): Uint32Array =>
  Uint32Array.from(name, (character) => character.codePointAt(0) as number);
