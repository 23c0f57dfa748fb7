import { SimpleMerkleTree, StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import fc from "fast-check";

import type { Allocation } from "../../../src/merkle/allocation.js";
import { buildHeapTree } from "../../../src/merkle/heap-tree.js";
import { hex } from "../../../src/merkle/hex.js";
import { leafHashes, leafOf } from "../../../src/merkle/leaf.js";
import { rootFromProof } from "../../../src/merkle/proof.js";
import { depthOf, nodeOf, proofOf, rootOf } from "../../../src/merkle/tree.js";
import { allocations, tokensById, toRows } from "./support/rows.js";

const UNBOUND = ["uint32", "uint256"];
const BOUND = [...UNBOUND, "address"];
const valueOf = ({ userId, amount, account }: Allocation) =>
  [BigInt(userId), amount, account].filter((field) => field !== null);

function build(list: readonly Allocation[]) {
  const leaves = leafHashes(toRows(list));
  const words = list.map((_, row) => hex(leaves, row * 32, row * 32 + 32));
  return { words, ...buildHeapTree(leaves) };
}

describe("the standard-v1 tree", () => {
  for (const [kinds, encoding] of [
    ["unbound", UNBOUND],
    ["bound", BOUND],
  ] as const) {
    it(`has the nodes, positions and proofs of OpenZeppelin's for ${kinds} leaves`, () => {
      fc.assert(
        fc.property(allocations(kinds), (list) => {
          const { tree, positions } = build(list);
          const reference = StandardMerkleTree.of(list.map(valueOf), encoding as string[]);
          const dump = reference.dump();
          expect(Array.from(dump.tree, (_, index) => nodeOf(tree, index))).to.deep.equal(dump.tree);
          expect([...positions]).to.deep.equal(dump.values.map(({ treeIndex }) => treeIndex));
          list.forEach((_, row) =>
            expect(proofOf(tree, positions[row] as number)).to.deep.equal(reference.getProof(row)),
          );
        }),
        { numRuns: 40 },
      );
    });
  }

  it("has the nodes and proofs of OpenZeppelin's simple tree for lists of both kinds", () => {
    fc.assert(
      fc.property(allocations("mixed"), (list) => {
        const { tree, positions, words } = build(list);
        const reference = SimpleMerkleTree.of(words);
        expect(rootOf(tree)).to.equal(reference.root);
        words.forEach((word, row) =>
          expect(proofOf(tree, positions[row] as number)).to.deep.equal(reference.getProof(word)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("agrees with OpenZeppelin's for every number of leaves up to 40, and for 2,000", () => {
    for (const count of [...Array.from({ length: 40 }, (_, index) => index + 1), 2000]) {
      const list = tokensById(count);
      const { tree, words } = build(list);
      // The library hashes values slowly; its leaves were compared above.
      expect(rootOf(tree), `${count} leaves`).to.equal(SimpleMerkleTree.of(words).root);
    }
  });

  it("proves every leaf, with at most the tree's depth of words", () => {
    const { tree, positions, words } = build(tokensById(1000));
    for (const [row, word] of words.entries()) {
      const proof = proofOf(tree, positions[row] as number);
      expect(rootFromProof(word, proof)).to.equal(rootOf(tree));
      expect(proof.length).to.be.within(depthOf(1000) - 1, depthOf(1000));
    }
  });

  it("gives the published root and proof lengths of ids 1 to 5", () => {
    const { tree, positions } = build(tokensById(5));
    expect(rootOf(tree)).to.equal("0x0f83651191d9c2e31f3653a21da41e131e85621ccfbb17d45643e01a72de6f91");
    expect(Array.from(positions, (position) => proofOf(tree, position).length)).to.deep.equal([2, 3, 2, 2, 3]);
  });

  it("has an empty proof for a list of one, whose root is its leaf", () => {
    const [only] = tokensById(1) as [Allocation];
    const { tree, positions } = build([only]);
    expect(rootOf(tree)).to.equal(leafOf(only));
    expect(proofOf(tree, positions[0] as number)).to.deep.equal([]);
    expect(depthOf(1)).to.equal(0);
  });
});

describe("leafOf", () => {
  it("gives the published leaf of the first claim of the original distribution", () => {
    const first = { userId: 49909, amount: 9208256099999000035328n, account: null };
    expect(leafOf(first)).to.equal("0x6832b71385c4d15b19a35ba4af189bbbfc252090166153387ebaaa70209b8fb3");
  });

  it("gives the published leaf of id 1", () => {
    const [first] = tokensById(1) as [Allocation];
    expect(leafOf(first)).to.equal("0x6081e60a560cf21a6ea538bd62fec907bc40d5711c5e8c7e8fbe6dc134b72608");
  });
});
