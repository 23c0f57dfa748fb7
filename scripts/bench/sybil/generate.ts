import type { TokenSets } from "../../../src/sybil/dna/fingerprints.js";

const GRANTS = 1_496;
const AMOUNTS = 13;

/** Mulberry32: the same numbers from the same seed everywhere. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Donors of the published round's shape: 1,496 grants of falling popularity and 13 cumulative amounts, half of them copies of an
 * earlier donor, and about 12.5 bits a donor.
 */
export function makeDonors(count: number, seed = 1): TokenSets {
  const random = randomNumbers(seed);
  const starts = new Uint32Array(count + 1);
  const tokens: number[] = [];
  for (let donor = 0; donor < count; donor++) {
    if (donor > 100 && random() < 0.5) {
      const other = Math.floor(random() * donor);
      for (let at = starts[other] as number; at < (starts[other + 1] as number); at++)
        tokens.push(tokens[at] as number);
    } else {
      const given = new Set<number>();
      const wanted = Math.min(200, 1 + Math.floor(-8 * Math.log(1 - random())));
      // Popularity like 1 / rank: a uniform exponent.
      for (let tries = 0; tries < wanted * 2 && given.size < wanted; tries++) {
        given.add(Math.floor(GRANTS ** random()) - 1);
      }
      tokens.push(...given);
      const bands = 1 + Math.min(AMOUNTS - 1, Math.floor(Math.log2(given.size + 1) + random() * 2));
      for (let band = 0; band < bands; band++) tokens.push(GRANTS + band);
    }
    starts[donor + 1] = tokens.length;
  }
  return { starts, tokens: Uint32Array.from(tokens), tokenCount: GRANTS + AMOUNTS };
}

const SYLLABLES = "an na be lo ki th or mi ra so ve da ter son eth max jo li".split(" ");

/** Distinct account names: two to five syllables, half of them with a number. */
export function makeNames(count: number, seed = 1): string[] {
  const random = randomNumbers(seed);
  const names = new Set<string>();
  while (names.size < count) {
    let name = "";
    for (let left = 2 + Math.floor(random() * 4); left > 0; left--) {
      name += SYLLABLES[Math.floor(random() * SYLLABLES.length)] as string;
    }
    names.add(random() < 0.5 ? name : `${name}${Math.floor(random() * 100_000)}`);
  }
  return [...names];
}
