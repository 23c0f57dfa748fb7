import { expect } from "chai";
import fc from "fast-check";

import { blake2b256 } from "../../../src/stm/blake2b.js";
import { concat, toHex } from "../../../src/stm/bytes.js";
import { MerkleTree, verifyBatchPath } from "../../../src/stm/tree.js";
import { codeOf } from "../../support/stm/codes.js";

const leaf = (i: number) => blake2b256(Uint8Array.of(1, i >> 8, i));

/** The root by its definition: a complete binary tree, missing leaves and missing subtrees being H(0x00). */
function naiveRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let width = 1;
  while (width < hashes.length) width *= 2;
  const empty = blake2b256(Uint8Array.of(0));
  const size = hashes.length + width - 1;
  const at = (position: number): Uint8Array => {
    if (position >= size) return empty;
    if (position >= width - 1) return hashes[position - width + 1] as Uint8Array;
    return blake2b256(concat(at(2 * position + 1), at(2 * position + 2)));
  };
  return at(0);
}

const arbitraryCase = fc.integer({ min: 1, max: 70 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    indices: fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { minLength: 1, maxLength: size }),
  }),
);

describe("the stake tree", () => {
  it("stm/tree-equals-naive: root and every batch path of any size", () => {
    const check = fc.property(arbitraryCase, ({ size, indices }) => {
      const hashes = Array.from({ length: size }, (_leaf, i) => leaf(i));
      const tree = new MerkleTree(hashes);
      expect(toHex(tree.root)).to.equal(toHex(naiveRoot(hashes)));
      const path = tree.prove(indices.sort((a, b) => a - b));
      const chosen = indices.map((index) => hashes[index] as Uint8Array);
      verifyBatchPath(tree, chosen, path);
      const other = { root: tree.root, leaves: size };
      const refused = (hash: readonly Uint8Array[], changed = path) =>
        expect(codeOf(() => verifyBatchPath(other, hash, changed))).to.equal("stm/bad-path");
      refused(chosen.map((hash, i) => (i === 0 ? leaf(999) : hash)));
      refused(chosen, { ...path, values: [...path.values, leaf(0)] });
      if (path.values.length > 0) refused(chosen, { ...path, values: path.values.slice(1) });
      refused(chosen.slice(1), { ...path, indices: indices.slice(1) });
    });
    fc.assert(check, { numRuns: 150 });
  });

  it("stm/tree-indices-strict: repeated, unordered, foreign and absent leaves are refused", () => {
    const hashes = [0, 1, 2, 3, 4].map(leaf);
    const tree = new MerkleTree(hashes);
    for (const indices of [[1, 1], [2, 1], [5], [-1], [0.5], [Number.NaN], []]) {
      const chosen = indices.map((index) => hashes[index] ?? leaf(0));
      expect(codeOf(() => tree.prove(indices))).to.equal("stm/bad-path");
      expect(codeOf(() => verifyBatchPath(tree, chosen, { indices, values: [] }))).to.equal("stm/bad-path");
    }
  });

  it("stm/tree-of-one: the root is the leaf", () => {
    expect(toHex(new MerkleTree([leaf(3)]).root)).to.equal(toHex(leaf(3)));
    expect(toHex(blake2b256(Uint8Array.of(0)))).to.equal(
      "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314",
    );
  });
});
