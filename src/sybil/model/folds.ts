// Splits for cross-validation: by group, never by row, and the same whatever the order of the donors.
import type { FeatureTable } from "../features/feature-table.js";
import type { Training } from "./design.js";
import { seededRandom, shuffled } from "./seeded-random.js";

/**
 * The training set in an order that its content decides: rows that are equal in class, weight and all features may stand in any
 * order and give the same model. Sums over rows, and with them the model, then do not depend on the order of a file.
 */
export function canonicalTraining(table: FeatureTable, names: readonly string[], training: Training): Training {
  const columns = names.flatMap((name) => table.columns.get(name) ?? []);
  const { rows, outcomes, weights, groups } = training;
  const compare = (a: number, b: number): number => {
    const first = byNumber(outcomes[a] as number, outcomes[b] as number) || byNumber(weights[a]!, weights[b]!);
    if (first !== 0) return first;
    for (const column of columns) {
      const order = byNumber(column[rows[a] as number] as number, column[rows[b] as number] as number);
      if (order !== 0) return order;
    }
    return 0;
  };
  const order = Array.from(rows, (_, at) => at).sort(compare);
  // Equal rows have one rank; a group is its members' ranks.
  const ranks = new Map<number, number>();
  order.forEach((at, place) => {
    const before = order[place - 1];
    const same = before !== undefined && compare(before, at) === 0;
    ranks.set(at, same ? (ranks.get(before) as number) : place);
  });
  const members = new Map<number, number[]>();
  for (const at of order) {
    const group = groups[at] as number;
    const known = members.get(group);
    if (known === undefined) members.set(group, [ranks.get(at) as number]);
    else known.push(ranks.get(at) as number);
  }
  const named = [...members].sort(([, a], [, b]) => compareLists(a, b));
  const numbers = new Map(named.map(([group], at) => [group, at]));
  const groupOf = (at: number) => numbers.get(groups[at] as number) as number;
  // Of equal rows in different groups it matters which is where: the group decides.
  order.sort((a, b) => (ranks.get(a) as number) - (ranks.get(b) as number) || groupOf(a) - groupOf(b));
  return {
    rows: Uint32Array.from(order, (at) => rows[at] as number),
    outcomes: Uint8Array.from(order, (at) => outcomes[at] as number),
    weights: Float64Array.from(order, (at) => weights[at] as number),
    groups: Int32Array.from(order, groupOf),
  };
}

/** Unknown values first. */
function byNumber(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a - b;
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return b.length - a.length;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return (a[at] as number) - (b[at] as number);
  return 0;
}

/** The fold of each training row: whole groups, the largest first, each to the fold that has fewest of its class. */
export function assignFolds({ groups, outcomes }: Training, folds: number, seed: number): Uint8Array {
  const sizes = new Map<number, { rows: number; sybils: number }>();
  groups.forEach((group, at) => {
    const size = sizes.get(group) ?? { rows: 0, sybils: 0 };
    sizes.set(group, { rows: size.rows + 1, sybils: size.sybils + (outcomes[at] as number) });
  });
  const ordered = [...sizes].sort(([a], [b]) => a - b);
  const drawn = shuffled(ordered, seededRandom(seed)).sort(([, a], [, b]) => b.rows - a.rows);
  const filled = Array.from({ length: folds }, () => ({ people: 0, sybils: 0 }));
  const foldOf = new Map<number, number>();
  for (const [group, { rows, sybils }] of drawn) {
    const kind = 2 * sybils >= rows ? "sybils" : "people";
    let best = 0;
    filled.forEach((fold, at) => {
      const now = filled[best] as { people: number; sybils: number };
      const fewer = fold[kind] - now[kind] || fold.people + fold.sybils - now.people - now.sybils;
      if (fewer < 0) best = at;
    });
    const fold = filled[best] as { people: number; sybils: number };
    fold.sybils += sybils;
    fold.people += rows - sybils;
    foldOf.set(group, best);
  }
  return Uint8Array.from(groups, (group) => foldOf.get(group) as number);
}
