// Donors as sets of bits (sybil.md, 2.1), and the index over them in which neighbours are looked for.

/** Sets of tokens, one a row: set s owns `tokens[starts[s]]` to `tokens[starts[s + 1] - 1]`, in any order, none twice. */
export interface TokenSets {
  readonly starts: Uint32Array;
  readonly tokens: Uint32Array;
  /** Tokens are below it. */
  readonly tokenCount: number;
}

/**
 * The distinct sets of many, by size, ready for a search. The `frequent` most common tokens of a set are bits of a mask; the
 * others are in lists, one a token. A neighbour that shares a rare token is found in its lists, and of all those that share none
 * only the smallest of each mask can be the nearest.
 */
export interface FingerprintIndex {
  /** Which distinct set each row is. */
  readonly distinct: Uint32Array;
  /** How many rows each distinct set has. */
  readonly copies: Uint32Array;
  /** By distinct set, ascending. */
  readonly sizes: Uint32Array;
  /** Which distinct sets have size s: `sizeStarts[s]` to `sizeStarts[s + 1] - 1`. */
  readonly sizeStarts: Uint32Array;
  readonly masks: Uint32Array;
  /** The rare tokens of distinct set u, rarest last: `rare[rareStarts[u]]` onwards. */
  readonly rareStarts: Uint32Array;
  readonly rare: Uint32Array;
  /** The distinct sets that have rare token t, ascending: `postings[postingStarts[t]]` onwards. */
  readonly postingStarts: Uint32Array;
  readonly postings: Uint32Array;
  /** Each mask that occurs, and the two smallest distinct sets that have it; the second is NONE where there is no other. */
  readonly groupMasks: Uint32Array;
  readonly groupFirst: Uint32Array;
  readonly groupSecond: Uint32Array;
}

export const NONE = 0xffffffff;

/** How many tokens may be frequent: bits of a mask. More of them shorten the lists and lengthen the table of masks. */
const FREQUENT = [0, 8, 12, 16, 20, 24, 28] as const;
/** What one look at a mask costs, in steps through a list. */
const MASK_COST = 2;

/** Builds the index; time and memory grow with the number of tokens in all sets. An empty set is a set like any other. */
export function indexFingerprints(sets: TokenSets): FingerprintIndex {
  const ranked = rankTokens(sets);
  const { distinct, copies, starts, tokens } = deduplicate(ranked);
  const count = copies.length;
  const sizes = Uint32Array.from({ length: count }, (_, u) => (starts[u + 1] as number) - (starts[u] as number));
  const sizeStarts = new Uint32Array((sizes[count - 1] ?? 0) + 2);
  for (const size of sizes) sizeStarts[size + 1] = (sizeStarts[size + 1] as number) + 1;
  accumulate(sizeStarts);
  const { frequent, masks } = chooseFrequent(starts, tokens, sets.tokenCount);

  const rareStarts = new Uint32Array(count + 1);
  for (let u = 0; u < count; u++) {
    let rareCount = 0;
    for (let at = starts[u] as number; at < (starts[u + 1] as number); at++) {
      if ((tokens[at] as number) >= frequent) rareCount += 1;
    }
    rareStarts[u + 1] = (rareStarts[u] as number) + rareCount;
  }
  const rare = new Uint32Array(rareStarts[count] as number);
  const postingStarts = new Uint32Array(sets.tokenCount - Math.min(frequent, sets.tokenCount) + 1);
  for (let u = 0, to = 0; u < count; u++) {
    for (let at = starts[u] as number; at < (starts[u + 1] as number); at++) {
      const token = (tokens[at] as number) - frequent;
      if (token < 0) continue;
      rare[to++] = token;
      postingStarts[token + 1] = (postingStarts[token + 1] as number) + 1;
    }
  }
  accumulate(postingStarts);
  const next = postingStarts.slice();
  const postings = new Uint32Array(rare.length);
  for (let u = 0; u < count; u++) {
    for (let at = rareStarts[u] as number; at < (rareStarts[u + 1] as number); at++) {
      const token = rare[at] as number;
      const to = next[token] as number;
      postings[to] = u;
      next[token] = to + 1;
    }
  }
  return {
    distinct,
    copies,
    sizes,
    sizeStarts,
    masks,
    rareStarts,
    rare,
    postingStarts,
    postings,
    ...groupMasks(masks),
  };
}

/** Renumbers tokens by falling frequency, so that small numbers are common, and sorts each set. */
function rankTokens({ starts, tokens, tokenCount }: TokenSets): TokenSets {
  const frequency = new Uint32Array(tokenCount);
  for (const token of tokens) frequency[token] = (frequency[token] as number) + 1;
  const byFrequency = Uint32Array.from(frequency.keys()).sort(
    (a, b) => (frequency[b] as number) - (frequency[a] as number) || a - b,
  );
  const ranks = new Uint32Array(tokenCount);
  byFrequency.forEach((token, rank) => (ranks[token] = rank));
  const ranked = tokens.map((token) => ranks[token] as number);
  for (let s = 0; s + 1 < starts.length; s++) ranked.subarray(starts[s], starts[s + 1]).sort();
  return { starts, tokens: ranked, tokenCount };
}

interface DistinctSets {
  readonly distinct: Uint32Array;
  readonly copies: Uint32Array;
  readonly starts: Uint32Array;
  readonly tokens: Uint32Array;
}

/** Equal sets become one; the distinct ones are in the order of their size. */
function deduplicate({ starts, tokens }: TokenSets): DistinctSets {
  const rows = starts.length - 1;
  const size = (s: number) => (starts[s + 1] as number) - (starts[s] as number);
  const bySize = Uint32Array.from({ length: rows }, (_, s) => s).sort((a, b) => size(a) - size(b) || a - b);
  const distinct = new Uint32Array(rows);
  const firsts = new Map<number, number[]>();
  const representatives: number[] = [];
  const copies: number[] = [];
  for (const s of bySize) {
    const hash = hashSet(tokens, starts[s] as number, starts[s + 1] as number);
    const candidates = firsts.get(hash) ?? [];
    const known = candidates.find((u) => equalSets(starts, tokens, s, representatives[u] as number));
    if (known !== undefined) {
      distinct[s] = known;
      copies[known] = (copies[known] as number) + 1;
      continue;
    }
    const u = representatives.push(s) - 1;
    copies.push(1);
    distinct[s] = u;
    if (candidates.push(u) === 1) firsts.set(hash, candidates);
  }
  const distinctStarts = new Uint32Array(representatives.length + 1);
  representatives.forEach((s, u) => (distinctStarts[u + 1] = (distinctStarts[u] as number) + size(s)));
  const distinctTokens = new Uint32Array(distinctStarts[representatives.length] as number);
  representatives.forEach((s, u) => distinctTokens.set(tokens.subarray(starts[s], starts[s + 1]), distinctStarts[u]));
  return { distinct, copies: Uint32Array.from(copies), starts: distinctStarts, tokens: distinctTokens };
}

/** FNV-1a over whole tokens; equal hashes are compared. */
function hashSet(tokens: Uint32Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) {
    hash = Math.imul(hash ^ (tokens[at] as number), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function equalSets(starts: Uint32Array, tokens: Uint32Array, a: number, b: number): boolean {
  const [from, other] = [starts[a] as number, starts[b] as number];
  const length = (starts[a + 1] as number) - from;
  if ((starts[b + 1] as number) - other !== length) return false;
  for (let i = 0; i < length; i++) if (tokens[from + i] !== tokens[other + i]) return false;
  return true;
}

/** Chooses how many tokens are frequent by what a search will cost. */
function chooseFrequent(starts: Uint32Array, tokens: Uint32Array, tokenCount: number) {
  const frequency = new Float64Array(tokenCount);
  for (const token of tokens) frequency[token] = (frequency[token] as number) + 1;
  let best: { frequent: number; masks: Uint32Array; cost: number } | undefined;
  for (const frequent of FREQUENT) {
    const masks = masksOf(starts, tokens, frequent);
    const pairs = new Set(masks).size ** 2;
    let cost = pairs * MASK_COST;
    for (let token = frequent; token < tokenCount; token++) cost += (frequency[token] as number) ** 2;
    if (best === undefined || cost < best.cost) best = { frequent, masks, cost };
    else break; // longer masks only cost more from here on
  }
  return best as { frequent: number; masks: Uint32Array };
}

function masksOf(starts: Uint32Array, tokens: Uint32Array, frequent: number): Uint32Array {
  return Uint32Array.from({ length: starts.length - 1 }, (_, u) => {
    let mask = 0;
    for (let at = starts[u] as number; at < (starts[u + 1] as number) && (tokens[at] as number) < frequent; at++) {
      mask |= 1 << (tokens[at] as number);
    }
    return mask >>> 0;
  });
}

function groupMasks(masks: Uint32Array) {
  const groups = new Map<number, { first: number; second: number }>();
  masks.forEach((mask, u) => {
    const group = groups.get(mask);
    // Distinct sets ascend by size: the first two of a mask are its smallest.
    if (group === undefined) groups.set(mask, { first: u, second: NONE });
    else if (group.second === NONE) group.second = u;
  });
  return {
    groupMasks: Uint32Array.from(groups.keys()),
    groupFirst: Uint32Array.from(groups.values(), ({ first }) => first),
    groupSecond: Uint32Array.from(groups.values(), ({ second }) => second),
  };
}

function accumulate(counts: Uint32Array): void {
  for (let at = 1; at < counts.length; at++) counts[at] = (counts[at] as number) + (counts[at - 1] as number);
}
