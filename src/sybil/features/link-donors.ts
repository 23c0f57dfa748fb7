// Clusters of donors by more signs than the published three (sybil.md, 2.7): equal donations, names, origins, the funder, rings of
// vouches. As there, two signs must agree between the same two donors, and no pair is looked at that has only one.
import { Components } from "../components.js";
import { distinctNames } from "../names/name-features.js";
import { findNamePairs } from "../names/name-pairs.js";
import type { DonorClusters } from "./feature-table.js";

/** What connects one donor with others; what is unknown connects with nobody. */
export interface DonorSigns {
  /** Donors with equal donations have the same one. */
  readonly donations: string | undefined;
  readonly name: string | undefined;
  readonly funder: string | undefined;
  readonly ring: string | undefined;
  readonly origins: readonly string[];
}

type Key = readonly [kind: string, id: string];
const key = ([kind, id]: Key): string => `${kind}:${id}`;

/** Signs that two donors have in common when they are the same; names also connect one edit apart. */
function keysOf({ donations, funder, ring, origins }: DonorSigns): Key[] {
  const keys: Key[] = [...new Set(origins)].map((origin) => ["origin", origin]);
  if (donations !== undefined) keys.push(["donations", donations]);
  if (funder !== undefined) keys.push(["funder", funder]);
  if (ring !== undefined) keys.push(["ring", ring]);
  return keys;
}

/**
 * Connected components over the edges "at least two kinds of signs in common"; donors without an edge are left out. Time grows with
 * the number of signs, and with pairs of names one edit apart.
 */
export function linkDonors(donors: readonly DonorSigns[]): DonorClusters {
  const named = donors.flatMap(({ name }, row) => (name === undefined ? [] : [{ name, row }]));
  const { names, distinct } = distinctNames(named.map(({ name }) => name));
  const rowsOf: number[][] = names.map(() => []);
  const nameKeys: (string | undefined)[] = donors.map(() => undefined);
  named.forEach(({ row }, at) => {
    const id = distinct[at] as number;
    rowsOf[id]?.push(row);
    nameKeys[row] = String(id);
  });
  const keys = donors.map(keysOf);
  const components = new Components(donors.length);
  // Equal in one sign and in another: all of such a group are connected with each other, so a chain through it is enough.
  const chains = new Map<string, number>();
  donors.forEach((_, row) => {
    const own = [...(keys[row] as Key[])];
    const name = nameKeys[row];
    if (name !== undefined) own.push(["name", name]);
    own.forEach((one, at) => {
      for (const other of own.slice(at + 1)) {
        if (one[0] === other[0]) continue;
        const pair = JSON.stringify([key(one), key(other)].sort());
        const before = chains.get(pair);
        if (before !== undefined) components.join(before, row);
        chains.set(pair, row);
      }
    });
  });
  // Of names one edit apart, a donor of each that has the same other sign connects all that have.
  const pairs: (readonly [number, number])[] = [];
  findNamePairs(names, (a, b) => {
    pairs.push([a, b]);
    const first = new Map<string, number>();
    for (const row of rowsOf[a] ?? []) for (const sign of keys[row] ?? []) first.set(key(sign), row);
    for (const row of rowsOf[b] ?? []) {
      for (const sign of keys[row] ?? []) {
        const other = first.get(key(sign));
        if (other !== undefined) components.join(row, other);
      }
    }
  });
  const groups = components.groups();
  const of = new Int32Array(donors.length).fill(-1);
  groups.forEach((rows, group) => rows.forEach((row) => (of[row] = group)));
  return { groups, of, signs: countSigns({ of, groups, keys, nameKeys, rowsOf, pairs }) };
}

interface Linked {
  readonly of: Int32Array;
  readonly groups: readonly (readonly number[])[];
  readonly keys: readonly (readonly Key[])[];
  readonly nameKeys: readonly (string | undefined)[];
  readonly rowsOf: readonly (readonly number[])[];
  readonly pairs: readonly (readonly [number, number])[];
}

/** Kinds of signs that each donor has in common with another of its cluster. */
function countSigns({ of, groups, keys, nameKeys, rowsOf, pairs }: Linked): Uint8Array {
  const kinds: Set<string>[] = Array.from(of, () => new Set());
  for (const rows of groups) {
    const holders = new Map<string, number[]>();
    for (const row of rows) {
      const name = nameKeys[row];
      const own: Key[] = name === undefined ? [...(keys[row] ?? [])] : [...(keys[row] ?? []), ["name", name]];
      for (const sign of own) {
        const known = holders.get(key(sign));
        if (known === undefined) holders.set(key(sign), [row]);
        else known.push(row);
      }
    }
    for (const [sign, members] of holders) {
      if (members.length < 2) continue;
      for (const row of members) kinds[row]?.add(sign.slice(0, sign.indexOf(":")));
    }
  }
  for (const [a, b] of pairs) {
    const [left, right] = [rowsOf[a] ?? [], rowsOf[b] ?? []];
    const groupsOf = (rows: readonly number[]) => new Set(rows.map((row) => of[row]).filter((group) => group !== -1));
    const [one, other] = [groupsOf(left), groupsOf(right)];
    for (const row of [...left, ...right]) if (one.has(of[row]) && other.has(of[row])) kinds[row]?.add("name");
  }
  return Uint8Array.from(kinds, ({ size }) => size);
}
