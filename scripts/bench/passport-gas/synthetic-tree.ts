// A tree of any depth without its leaves: the people under test fill one corner, the rest of every path is made up of
// siblings whose preimages nobody knows. A contract cannot tell it from a full tree of 2^depth scores.
import { concat, id, keccak256 } from "ethers";

import { hashScoreLeaf, type ScoreLeaf } from "../../../src/passport/onchain/score-leaf.js";

export interface SyntheticTree {
  readonly root: string;
  readonly leaves: readonly ScoreLeaf[];
  /** The proof of the n-th leaf; always `depth` words. */
  proof(index: number): string[];
}

const hashPair = (left: string, right: string) =>
  keccak256(left < right ? concat([left, right]) : concat([right, left]));

export function syntheticTree(leaves: readonly ScoreLeaf[], depth: number): SyntheticTree {
  const levels: string[][] = [leaves.map(hashScoreLeaf)];
  for (let level = 0; level < depth; level++) {
    const nodes = levels[level]!;
    if (nodes.length % 2 === 1) nodes.push(id(`sibling ${level}`));
    const above: string[] = [];
    for (let i = 0; i < nodes.length; i += 2) above.push(hashPair(nodes[i]!, nodes[i + 1]!));
    levels.push(above);
  }
  const [root, ...others] = levels[depth]!;
  if (root === undefined || others.length > 0) {
    throw new Error(`${leaves.length} leaves do not fit a tree of depth ${depth}`);
  }
  return {
    root,
    leaves,
    proof: (index) => levels.slice(0, depth).map((nodes, level) => nodes[(index >> level) ^ 1]!),
  };
}
