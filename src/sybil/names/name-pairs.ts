// Names at distance 1, found by hashes instead of comparing all pairs. Two names that differ by a substitution are equal but for
// one place; two that differ by an insertion are equal once the longer has lost a character.
import { SybilError } from "../errors.js";
import { codePoints } from "./levenshtein.js";

/** A key is 30 bits of hash above 23 bits of name: together they fit into a double and sort as one. */
const NAME_BITS = 2 ** 23;
const BASE = 0x01000193;

/**
 * Calls `found` once for each pair of names at Levenshtein distance exactly 1. `names` must be distinct. Time and memory grow with
 * the number of characters of all names, and with the pairs that there are. Throws `sybil/bad-setting` above 8,388,608 names.
 */
export function findNamePairs(names: readonly string[], found: (a: number, b: number) => void): void {
  if (names.length > NAME_BITS) {
    throw new SybilError("sybil/bad-setting", `${names.length} names: at most ${NAME_BITS} are compared at a time`);
  }
  const text = flatten(names);
  findSubstitutions(text, found);
  findInsertions(text, found);
}

interface FlatNames {
  readonly codes: Uint32Array;
  readonly starts: Uint32Array;
}

function flatten(names: readonly string[]): FlatNames {
  const starts = new Uint32Array(names.length + 1);
  let codes = new Uint32Array(names.length * 12 + 16);
  names.forEach((name, at) => {
    const added = codePoints(name);
    const from = starts[at] as number;
    if (from + added.length > codes.length) {
      const grown = new Uint32Array(2 * codes.length + added.length);
      grown.set(codes);
      codes = grown;
    }
    codes.set(added, from);
    starts[at + 1] = from + added.length;
  });
  return { codes, starts };
}

/** The hashes of everything before each place of a name, and of everything from it on; hash(xy) is before(x) · BASE^|y| + from(y). */
class Hasher {
  readonly #text: FlatNames;
  #before = new Uint32Array(64);
  #from = new Uint32Array(64);
  #powers = Uint32Array.of(1);
  length = 0;

  constructor(text: FlatNames) {
    this.#text = text;
  }

  read(name: number): void {
    const { codes, starts } = this.#text;
    const start = starts[name] as number;
    const length = (starts[name + 1] as number) - start;
    if (length >= this.#before.length || this.#powers.length === 1) this.#grow(2 * length + 64);
    this.length = length;
    this.#before[0] = 0;
    this.#from[length] = 0;
    for (let at = 0; at < length; at++) {
      // Code points are shifted by one, so that no character is a zero that leaves the hash as it is.
      this.#before[at + 1] = Math.imul(this.#before[at] as number, BASE) + (codes[start + at] as number) + 1;
    }
    for (let at = length - 1; at >= 0; at--) {
      const part = Math.imul((codes[start + at] as number) + 1, this.#powers[length - 1 - at] as number);
      this.#from[at] = part + (this.#from[at + 1] as number);
    }
  }

  whole = (): number => mix(this.#before[this.length] as number);

  /** Without the character at `place`. */
  without(place: number): number {
    const before = Math.imul(this.#before[place] as number, this.#powers[this.length - 1 - place] as number);
    return mix(before + (this.#from[place + 1] as number));
  }

  /** With any character at `place`: names that share it are of one length. */
  anyAt(place: number): number {
    const before = Math.imul(this.#before[place] as number, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b);
    return mix((before ^ (this.#from[place + 1] as number)) + Math.imul(this.length, 0xc2b2ae35));
  }

  #grow(length: number): void {
    this.#before = new Uint32Array(length);
    this.#from = new Uint32Array(length);
    this.#powers = new Uint32Array(length);
    this.#powers[0] = 1;
    for (let at = 1; at < length; at++) this.#powers[at] = Math.imul(this.#powers[at - 1] as number, BASE);
  }
}

/** The key of a name under a hash of 32 bits. */
export const hashKey = (hash: number, name: number): number => mix(hash) + name;

function mix(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 2) * NAME_BITS;
}

function findSubstitutions(text: FlatNames, found: (a: number, b: number) => void): void {
  const { codes, starts } = text;
  const hasher = new Hasher(text);
  const count = starts.length - 1;
  const keys = new Float64Array(starts[count] as number);
  let next = 0;
  for (let name = 0; name < count; name++) {
    hasher.read(name);
    for (let place = 0; place < hasher.length; place++) keys[next++] = hasher.anyAt(place) + name;
  }
  eachRun(keys, (members, hash) => {
    for (let i = 0; i < members.length; i++) {
      const a = members[i] as number;
      for (let j = i + 1; j < members.length; j++) {
        const b = members[j] as number;
        const place = onlyDifference(codes, starts, a, b);
        if (place === -1) continue;
        // Hashes collide: a pair counts where its own key is, and so only once.
        hasher.read(a);
        if (hasher.anyAt(place) === hash) found(a, b);
      }
    }
  });
}

/** Where two names of one length differ when it is in one place, else -1. */
function onlyDifference(codes: Uint32Array, starts: Uint32Array, a: number, b: number): number {
  const [from, other] = [starts[a] as number, starts[b] as number];
  const length = (starts[a + 1] as number) - from;
  if ((starts[b + 1] as number) - other !== length) return -1;
  let place = -1;
  for (let at = 0; at < length; at++) {
    if (codes[from + at] === codes[other + at]) continue;
    if (place !== -1) return -1;
    place = at;
  }
  return place;
}

function findInsertions(text: FlatNames, found: (a: number, b: number) => void): void {
  const { codes, starts } = text;
  const hasher = new Hasher(text);
  const count = starts.length - 1;
  const keys = new Float64Array((starts[count] as number) + count);
  let next = 0;
  for (let name = 0; name < count; name++) {
    hasher.read(name);
    keys[next++] = hasher.whole() + name;
    const start = starts[name] as number;
    for (let place = 0; place < hasher.length; place++) {
      // Of equal characters side by side it makes no difference which one goes.
      if (place > 0 && codes[start + place] === codes[start + place - 1]) continue;
      keys[next++] = hasher.without(place) + name;
    }
  }
  eachRun(keys.subarray(0, next), (members, hash) => {
    for (const short of members) {
      hasher.read(short);
      if (hasher.whole() !== hash) continue; // here by a deletion: it is looked at where it is whole
      for (const long of members) if (isInsertion(codes, starts, short, long)) found(short, long);
    }
  });
}

function isInsertion(codes: Uint32Array, starts: Uint32Array, short: number, long: number): boolean {
  const [from, other] = [starts[short] as number, starts[long] as number];
  const length = (starts[short + 1] as number) - from;
  if ((starts[long + 1] as number) - other !== length + 1) return false;
  let at = 0;
  while (at < length && codes[from + at] === codes[other + at]) at += 1;
  while (at < length && codes[from + at] === codes[other + at + 1]) at += 1;
  return at === length;
}

/** Sorts keys and calls `run` with the names of each hash that at least two of them have, each once. */
export function eachRun(keys: Float64Array, run: (names: readonly number[], hash: number) => void): void {
  keys.sort();
  for (let from = 0; from < keys.length;) {
    const name = (keys[from] as number) % NAME_BITS;
    const hash = (keys[from] as number) - name;
    const names = [name];
    let to = from + 1;
    for (; to < keys.length && (keys[to] as number) < hash + NAME_BITS; to++) {
      const other = (keys[to] as number) - hash;
      if (other !== names.at(-1)) names.push(other);
    }
    if (names.length > 1) run(names, hash);
    from = to;
  }
}
