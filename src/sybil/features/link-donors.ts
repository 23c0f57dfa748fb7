// Clusters of donors by more signs than the published three (sybil.md, 2.7): equal donations, a project, names, origins, the funder,
// rings of vouches. As there, two kinds of signs must agree between the same two donors, and no pair is looked at that has only one. Beyond
// it, more donors must have both signs than chance gives: an exchange funds many people, and some of them give to the same popular
// list. Of 2,000 donors with 300 from one exchange and 40 alike, 6 have both by chance; a farm of 40 has both 40 times.
import { Components } from "../components.js";
import { distinctNames } from "../names/name-features.js";
import { findNamePairs } from "../names/name-pairs.js";
import { chanceOfAtLeast } from "./chance.js";
import type { DonorClusters } from "./feature-table.js";

/** What connects one donor with others; what is unknown connects with nobody. */
export interface DonorSigns {
  /** Donors with equal donations have the same one. */
  readonly donations: string | undefined;
  readonly name: string | undefined;
  readonly funder: string | undefined;
  readonly ring: string | undefined;
  readonly origins: readonly string[];
  /** The projects that the donor gave to: farms give to those that they are for. Absent where nobody looks at them. */
  readonly projects?: readonly string[];
}

/** `kind:id`; two donors have a sign in common when they have the same key. Names also connect one edit apart. */
type Key = string;
const kindOf = (key: Key): string => key.slice(0, key.indexOf(":"));

const GIFTS = ["donations", "project"];
/** Who has no such sign is known not to: few grants are no list, and who is in no ring is in none. */
const ALWAYS_KNOWN = ["donations", "ring", "project"];

function keysOf({ donations, funder, ring, origins, projects }: DonorSigns): Key[] {
  const keys = [...new Set(origins)].map((origin) => `origin:${origin}`);
  for (const project of projects ?? []) keys.push(`project:${project}`);
  if (donations !== undefined) keys.push(`donations:${donations}`);
  if (funder !== undefined) keys.push(`funder:${funder}`);
  if (ring !== undefined) keys.push(`ring:${ring}`);
  return keys;
}

/** The names of donors, and which are one edit apart. */
interface Names {
  /** The distinct name of each row, -1 where it has none. */
  readonly of: Int32Array;
  readonly rows: readonly (readonly number[])[];
  readonly pairs: readonly (readonly [number, number])[];
  /** Names that chains of single edits connect are a family. */
  readonly families: readonly number[];
}

function readNames(donors: readonly DonorSigns[]): Names {
  const named = donors.flatMap(({ name }, row) => (name === undefined ? [] : [{ name, row }]));
  const { names, distinct } = distinctNames(named.map(({ name }) => name));
  const rows: number[][] = names.map(() => []);
  const of = new Int32Array(donors.length).fill(-1);
  named.forEach(({ row }, at) => {
    const id = distinct[at] as number;
    rows[id]?.push(row);
    of[row] = id;
  });
  const components = new Components(names.length);
  const pairs: (readonly [number, number])[] = [];
  findNamePairs(names, (a, b) => {
    pairs.push([a, b]);
    components.join(a, b);
  });
  const families = names.map((_, id) => id);
  for (const members of components.groups()) for (const id of members) families[id] = members[0] as number;
  return { of, rows, pairs, families };
}

/**
 * Connected components over the edges "at least two kinds of signs in common", each two of them such that chance gives as many donors
 * with both less often than `chance`; 1 asks for nothing. Donors without an edge are left out. Time grows with the number of signs,
 * and with pairs of names one edit apart.
 */
export function linkDonors(donors: readonly DonorSigns[], chance = 1): DonorClusters {
  const names = readNames(donors);
  const keys = donors.map(keysOf);
  const familyOf = (row: number): Key[] => {
    const name = names.of[row] as number;
    return name === -1 ? [] : [`name:${names.families[name] as number}`];
  };
  const telling = tellingPairs(
    keys.map((own, row) => [...own, ...familyOf(row)]),
    chance,
  );
  const components = new Components(donors.length);
  // Equal in one sign and in another: all of such a group are connected with each other, so a chain through it is enough.
  const chains = new Map<string, number>();
  const chain = (group: string, row: number) => {
    const before = chains.get(group);
    if (before !== undefined) components.join(before, row);
    chains.set(group, row);
  };
  keys.forEach((own, row) => {
    for (const [one, other] of pairsOf(own)) if (telling(one, other)) chain(pairKey(one, other), row);
    for (const family of familyOf(row)) {
      for (const sign of own) if (telling(sign, family)) chain(pairKey(sign, `same:${names.of[row] as number}`), row);
    }
  });
  // Of names one edit apart, a donor of each that has the same other sign connects all that have.
  for (const [a, b] of names.pairs) {
    const family = `name:${names.families[a] as number}`;
    const first = new Map<Key, number>();
    for (const row of names.rows[a] ?? []) for (const sign of keys[row] ?? []) first.set(sign, row);
    for (const row of names.rows[b] ?? []) {
      for (const sign of keys[row] ?? []) {
        const other = first.get(sign);
        if (other !== undefined && telling(sign, family)) components.join(row, other);
      }
    }
  }
  const groups = components.groups();
  const of = new Int32Array(donors.length).fill(-1);
  groups.forEach((rows, group) => rows.forEach((row) => (of[row] = group)));
  return { groups, of, signs: countSigns(of, groups, keys, names) };
}

/** Equal donations are equal projects too: one sign, not two. */
const independent = (one: string, other: string): boolean =>
  one !== other && !(GIFTS.includes(one) && GIFTS.includes(other));

function* pairsOf(keys: readonly Key[]): Generator<readonly [Key, Key]> {
  for (const [at, one] of keys.entries()) {
    for (const other of keys.slice(at + 1)) if (independent(kindOf(one), kindOf(other))) yield [one, other];
  }
}

const pairKey = (one: Key, other: Key): string => JSON.stringify(one < other ? [one, other] : [other, one]);

/** Whether two signs tell something together: more donors have both than chance would give, were the two independent. */
function tellingPairs(keys: readonly (readonly Key[])[], chance: number): (one: Key, other: Key) => boolean {
  if (chance >= 1) return () => true;
  const holders = new Map<Key, number>();
  const both = new Map<string, number>();
  const known = new Map<string, number>();
  const add = (counts: Map<string, number>, of: string) => counts.set(of, (counts.get(of) ?? 0) + 1);
  for (const own of keys) {
    for (const key of own) add(holders, key);
    for (const [one, other] of pairsOf(own)) add(both, pairKey(one, other));
    const kinds = [...new Set([...own.map(kindOf), ...ALWAYS_KNOWN])].map((kind) => `${kind}:`);
    for (const [one, other] of pairsOf(kinds)) add(known, pairKey(one, other));
  }
  const verdicts = new Map<string, boolean>();
  return (one, other) => {
    const pair = pairKey(one, other);
    const before = verdicts.get(pair);
    if (before !== undefined) return before;
    // Among donors of whom both kinds are known.
    const among = known.get(pairKey(`${kindOf(one)}:`, `${kindOf(other)}:`)) as number;
    const expected = ((holders.get(one) as number) * (holders.get(other) as number)) / among;
    const verdict = chanceOfAtLeast(both.get(pair) as number, expected) < chance;
    verdicts.set(pair, verdict);
    return verdict;
  };
}

/** Kinds of signs that each donor has in common with another of its cluster. */
function countSigns(
  of: Int32Array,
  groups: readonly (readonly number[])[],
  keys: readonly (readonly Key[])[],
  names: Names,
): Uint8Array {
  const kinds: Set<string>[] = Array.from(of, () => new Set());
  for (const rows of groups) {
    const holders = new Map<Key, number[]>();
    for (const row of rows) {
      const name = names.of[row] as number;
      for (const sign of name === -1 ? (keys[row] ?? []) : [...(keys[row] ?? []), `name:${name}`]) {
        const members = holders.get(sign);
        if (members === undefined) holders.set(sign, [row]);
        else members.push(row);
      }
    }
    for (const [sign, members] of holders) {
      if (members.length > 1) for (const row of members) kinds[row]?.add(kindOf(sign));
    }
  }
  for (const [a, b] of names.pairs) {
    const [left, right] = [names.rows[a] ?? [], names.rows[b] ?? []];
    const groupsOf = (rows: readonly number[]) => new Set(rows.map((row) => of[row]).filter((group) => group !== -1));
    const [one, other] = [groupsOf(left), groupsOf(right)];
    for (const row of [...left, ...right]) if (one.has(of[row]) && other.has(of[row])) kinds[row]?.add("name");
  }
  return Uint8Array.from(kinds, ({ size }) => size);
}
