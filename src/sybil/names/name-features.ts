import { codePoints, levenshtein } from "./levenshtein.js";
import { findNamePairs } from "./name-pairs.js";

/** Names as rows: equal ones are one distinct name. */
export interface DistinctNames {
  readonly names: readonly string[];
  /** Which distinct name each row has. */
  readonly distinct: Uint32Array;
  readonly copies: readonly number[];
}

export function distinctNames(rows: readonly string[]): DistinctNames {
  const ids = new Map<string, number>();
  const copies: number[] = [];
  const distinct = Uint32Array.from(rows, (name) => {
    const id = ids.get(name) ?? ids.size;
    ids.set(name, id);
    copies[id] = (copies[id] ?? 0) + 1;
    return id;
  });
  return { names: [...ids.keys()], distinct, copies };
}

/** `LevMatchCount` (sybil.md, 2.3): of each row, how many other rows have a name at distance exactly 1. */
export function countNameMatches(rows: readonly string[]): Uint32Array {
  const { names, distinct, copies } = distinctNames(rows);
  const counts = new Uint32Array(names.length);
  findNamePairs(names, (a, b) => {
    counts[a]! += copies[b] as number;
    counts[b]! += copies[a] as number;
  });
  return Uint32Array.from(distinct, (name) => counts[name] as number);
}

/**
 * `LevDistance` (sybil.md, 2.3): the distance of each row's name to the nearest that is not the same; NaN where all are the same.
 * Names without one at distance 1 are compared with all whose length and characters allow a nearer one: quick for tens of
 * thousands of them, quadratic in their number.
 */
export function nearestNames(rows: readonly string[]): Float64Array {
  const { names, distinct } = distinctNames(rows);
  const nearest = new Float64Array(names.length).fill(Infinity);
  findNamePairs(names, (a, b) => {
    nearest[a] = 1;
    nearest[b] = 1;
  });
  const codes = names.map(codePoints);
  const lengths = codes.map((code) => code.length);
  const letters = Uint32Array.from(codes, lettersOf);
  for (let a = 0; a < names.length; a++) {
    if (nearest[a] === 1) continue;
    let best = Infinity;
    for (let b = 0; b < names.length && best > 2; b++) {
      if (b === a || Math.abs((lengths[a] as number) - (lengths[b] as number)) >= best) continue;
      // An edit takes at most one letter out of the set and puts one in.
      if (popcount((letters[a] as number) ^ (letters[b] as number)) > 2 * (best - 1)) continue;
      best = levenshtein(codes[a] as Uint32Array, codes[b] as Uint32Array, best - 1) ?? best;
    }
    nearest[a] = best;
  }
  return Float64Array.from(distinct, (name) => (nearest[name] === Infinity ? NaN : (nearest[name] as number)));
}

/** Which of 32 kinds of characters occur. */
function lettersOf(codes: Uint32Array): number {
  let letters = 0;
  for (const code of codes) letters |= 1 << (code & 31);
  return letters >>> 0;
}

function popcount(bits: number): number {
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
