// How near the nearest other name is, as far as it matters: one edit, two, or more. Names two edits apart are equal once each has lost
// at most two characters, so an index of what is left finds them without comparing all.
import { codePoints, levenshtein } from "./levenshtein.js";
import { distinctNames } from "./name-features.js";
import { eachRun, findNamePairs, hashKey } from "./name-pairs.js";

/** What a name farther than two edits from every other one has. */
export const FAR = 3;

/**
 * The distance of each row's name to the nearest that is not the same: 1, 2, or {@link FAR} for three and more; NaN where all are the
 * same. Time grows with the square of a name's length, and with names that share most of their characters.
 */
export function nearNames(rows: readonly string[]): Float64Array {
  const { names, distinct } = distinctNames(rows);
  const nearest = new Float64Array(names.length).fill(names.length > 1 ? FAR : NaN);
  findNamePairs(names, (a, b) => {
    nearest[a] = 1;
    nearest[b] = 1;
  });
  const codes = names.map(codePoints);
  const total = codes.reduce((sum, { length }) => sum + 1 + length + (length * (length - 1)) / 2, 0);
  const keys = new Float64Array(total);
  let next = 0;
  codes.forEach((code, name) => {
    const add = (one: number, other: number) => (keys[next++] = hashKey(hashWithout(code, one, other), name));
    add(-1, -1);
    for (let one = 0; one < code.length; one++) {
      add(one, -1);
      for (let other = one + 1; other < code.length; other++) add(one, other);
    }
  });
  eachRun(keys, (members) => {
    for (const a of members) {
      if (nearest[a] !== FAR) continue;
      for (const b of members) {
        // Not 1: those are known. Hashes collide, and so may what is left of names farther apart.
        if (a === b || levenshtein(codes[a] as Uint32Array, codes[b] as Uint32Array, 2) === undefined) continue;
        nearest[a] = 2;
        if (nearest[b] === FAR) nearest[b] = 2;
        break;
      }
    }
  });
  return Float64Array.from(distinct, (name) => nearest[name] as number);
}

/** FNV-1a over code points, without those at two places. */
function hashWithout(code: Uint32Array, one: number, other: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < code.length; at++) {
    if (at === one || at === other) continue;
    hash = Math.imul(hash ^ (code[at] as number), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash;
}
