// Donors that at least two of three signs connect (sybil.md, 2.7). No pair is looked at that has only one sign in common.
import { Components } from "./components.js";
import { findNamePairs } from "./names/name-pairs.js";
import { distinctNames } from "./names/name-features.js";

export interface Donor {
  /** The bits of the donor, in any order, each once. */
  readonly bits: readonly string[];
  /** Addresses that the account was seen on. */
  readonly addresses: readonly string[];
  readonly name: string;
}

export interface Cluster {
  /** Rows of donors, ascending. */
  readonly donors: readonly number[];
  /** The mean number of grants, rounded up. */
  readonly meanGrants: number;
}

/**
 * Connected components over the edges "at least two of: equal bits, an address in common, names at distance 1 or less"; donors
 * without an edge are left out. Largest first. `grants` says how many of a donor's bits are grants.
 */
export function clusterDonors(donors: readonly Donor[], grants = (donor: Donor) => donor.bits.length): Cluster[] {
  const components = new Components(donors.length);
  const bits = distinctNames(donors.map((donor) => JSON.stringify([...donor.bits].sort()))).distinct;
  const { names, distinct: name } = distinctNames(donors.map((donor) => donor.name));
  // Equal in one sign and in another: all of such a group are connected with each other, so a chain through it is enough.
  const chains = new Map<string, number>();
  const chain = (key: string, donor: number) => {
    const before = chains.get(key);
    if (before !== undefined) components.join(before, donor);
    chains.set(key, donor);
  };
  donors.forEach((donor, row) => {
    chain(JSON.stringify(["bits", bits[row], "name", name[row]]), row);
    for (const address of donor.addresses) {
      chain(JSON.stringify(["bits", bits[row], "at", address]), row);
      chain(JSON.stringify(["name", name[row], "at", address]), row);
    }
  });
  // Of names one edit apart, a donor of each that has the same bits, or the same address, connects all that have.
  const rowsOf: number[][] = names.map(() => []);
  donors.forEach((_, row) => rowsOf[name[row] as number]?.push(row));
  const signsOf = (row: number) => [`b${bits[row]}`, ...(donors[row]?.addresses ?? []).map((address) => `a${address}`)];
  findNamePairs(names, (a, b) => {
    const first = new Map<string, number>();
    for (const row of rowsOf[a] ?? []) for (const sign of signsOf(row)) first.set(sign, row);
    for (const row of rowsOf[b] ?? []) {
      for (const sign of signsOf(row)) {
        const other = first.get(sign);
        if (other !== undefined) components.join(row, other);
      }
    }
  });
  return components.groups().map((rows) => {
    const total = rows.reduce((sum, row) => sum + grants(donors[row] as Donor), 0);
    return { donors: rows, meanGrants: Math.ceil(total / rows.length) };
  });
}
