import type { Vouch } from "../round/round-tables.js";

export interface VouchFeatures {
  /** Accounts that vouch for each donor and are vouched for by it. */
  readonly mutual: Float64Array;
  /** The ring of each donor: donors that reach each other along vouches have the same number; -1 where it is in none. */
  readonly rings: Int32Array;
  /** How many accounts are in the donor's ring, of donors and others; 0 where it is in none. */
  readonly ringSizes: Float64Array;
}

/**
 * Who vouches for whom, and back. A ring is a strongly connected component of at least two accounts (Tarjan 1972): it may pass
 * through accounts that did not donate. Vouches for oneself say nothing and are passed over.
 */
export function vouchFeatures(donors: readonly string[], vouches: readonly Vouch[]): VouchFeatures {
  const ids = new Map(donors.map((donor, row) => [donor, row]));
  const targets: Set<number>[] = donors.map(() => new Set());
  const idOf = (account: string): number => {
    const known = ids.get(account);
    if (known !== undefined) return known;
    ids.set(account, ids.size);
    targets.push(new Set());
    return ids.size - 1;
  };
  for (const { staker, donor } of vouches) {
    if (staker !== donor) targets[idOf(staker)]?.add(idOf(donor));
  }
  const components = strongComponents(targets);
  const sizes = new Map<number, number>();
  for (const component of components) sizes.set(component, (sizes.get(component) ?? 0) + 1);
  const sizeOf = (row: number) => sizes.get(components[row] as number) as number;
  return {
    mutual: Float64Array.from(donors, (_, row) => {
      let count = 0;
      for (const other of targets[row] as Set<number>) if (targets[other]?.has(row) === true) count += 1;
      return count;
    }),
    rings: Int32Array.from(donors, (_, row) => (sizeOf(row) > 1 ? (components[row] as number) : -1)),
    ringSizes: Float64Array.from(donors, (_, row) => (sizeOf(row) > 1 ? sizeOf(row) : 0)),
  };
}

/** The component of each node, without recursion: chains of vouches are longer than any stack. */
function strongComponents(targets: readonly ReadonlySet<number>[]): Int32Array {
  const count = targets.length;
  const components = new Int32Array(count).fill(-1);
  const order = new Int32Array(count).fill(-1);
  const lowest = new Int32Array(count);
  const open: number[] = [];
  let [visited, found] = [0, 0];
  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue;
    const walk: { readonly node: number; readonly next: Iterator<number> }[] = [];
    const enter = (node: number) => {
      order[node] = lowest[node] = visited++;
      open.push(node);
      walk.push({ node, next: (targets[node] as ReadonlySet<number>)[Symbol.iterator]() });
    };
    enter(root);
    for (let top = walk.at(-1); top !== undefined; top = walk.at(-1)) {
      const { node } = top;
      const { done, value: target } = top.next.next();
      if (done !== true) {
        if (order[target] === -1) enter(target);
        else if (components[target] === -1) lowest[node] = Math.min(lowest[node] as number, order[target] as number);
        continue;
      }
      walk.pop();
      const above = walk.at(-1)?.node;
      if (above !== undefined) lowest[above] = Math.min(lowest[above] as number, lowest[node] as number);
      if (lowest[node] !== order[node]) continue;
      for (let member = -1; member !== node;) {
        member = open.pop() as number;
        components[member] = found;
      }
      found += 1;
    }
  }
  return components;
}
