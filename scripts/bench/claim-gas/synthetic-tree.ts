// A tree of any depth without its leaves: the claims under test fill one corner, the rest of every path is made up of
// siblings whose preimages nobody knows. A contract cannot tell it from a full tree, and it costs 256 hashes.
import { AbiCoder, concat, keccak256, toBeHex, toUtf8Bytes } from "ethers";

/** What one leaf pays; a bound leaf names its account. Amounts in wei. */
export interface Row {
  readonly userId: number;
  readonly amount: bigint;
  readonly account?: string;
}

export interface SyntheticTree {
  readonly root: string;
  proof(userId: number): string[];
}

export function hashPair(left: string, right: string): string {
  return keccak256(left < right ? concat([left, right]) : concat([right, left]));
}

export function leafOf({ userId, amount, account }: Row): string {
  const bound = account !== undefined;
  const types = ["uint32", "uint256", ...(bound ? ["address"] : [])];
  const values = [userId, amount, ...(bound ? [account] : [])];
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}

/** Puts `rows` into a tree in which every proof has exactly `depth` elements; at most 2^depth rows. */
export function syntheticTree(rows: readonly Row[], depth: number): SyntheticTree {
  const levels: string[][] = [rows.map(leafOf)];
  for (let level = 0; level < depth; level++) {
    const nodes = levels[level]!;
    if (nodes.length % 2 === 1) nodes.push(keccak256(concat([toUtf8Bytes("sibling"), toBeHex(level)])));
    const parents: string[] = [];
    for (let i = 0; i < nodes.length; i += 2) parents.push(hashPair(nodes[i]!, nodes[i + 1]!));
    levels.push(parents);
  }
  const top = levels[depth]!;
  if (top.length !== 1) throw new Error(`${rows.length} rows do not fit a tree of depth ${depth}`);
  const positions = new Map(rows.map((row, index) => [row.userId, index]));
  return {
    root: top[0]!,
    proof(userId) {
      const position = positions.get(userId);
      if (position === undefined) throw new Error(`user ${userId} is not in the tree`);
      return levels.slice(0, depth).map((nodes, level) => nodes[(position >> level) ^ 1]!);
    },
  };
}
