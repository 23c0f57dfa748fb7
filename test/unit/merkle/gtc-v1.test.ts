import { expect } from "chai";
import fc from "fast-check";
import keccak256 from "keccak256";
import { MerkleTree as GeneratorTree } from "merkletreejs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { buildGtcTree, readGtcProofs } from "../../../src/merkle/gtc-v1.js";
import { hex } from "../../../src/merkle/hex.js";
import { buildLayerTree } from "../../../src/merkle/layer-tree.js";
import { leafHashes } from "../../../src/merkle/leaf.js";
import { openAllocations } from "../../../src/merkle/open-allocations.js";
import { proofOf, rootOf } from "../../../src/merkle/tree.js";
import { failure, failureOf } from "./support/codes.js";
import { buildIn, inFolder } from "./support/folder.js";
import { allocations, tokensById, toCsv, toRows } from "./support/rows.js";

const VECTOR_ROOT = "0xb453dd384cc724c962cba70a29b18fc86e2a72f4142918f14f1e02f926203394";

describe("the gtc-v1 tree", () => {
  it("gives the published root and proof lengths of ids 1 to 5", () => {
    const tree = buildGtcTree(leafHashes(toRows(tokensById(5))));
    expect(rootOf(tree)).to.equal(VECTOR_ROOT);
    expect([0, 1, 2, 3, 4].map((position) => proofOf(tree, position).length)).to.deep.equal([3, 3, 3, 3, 1]);
  });

  it("gives the proofs of the generator's library, and the layers that our own code gives", () => {
    fc.assert(
      fc.property(allocations("unbound"), (list) => {
        const leaves = leafHashes(toRows(list));
        const words = list.map((_, row) => Buffer.from(leaves.subarray(row * 32, row * 32 + 32)));
        const reference = new GeneratorTree(words, keccak256, { sortPairs: true });
        const tree = buildGtcTree(leaves);
        expect(rootOf(tree)).to.equal(reference.getHexRoot());
        words.forEach((word, row) => expect(proofOf(tree, row)).to.deep.equal(reference.getHexProof(word, row)));
        expect(hex(buildLayerTree(leaves).nodes)).to.equal(hex(tree.nodes));
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the file's order, whatever the ids, and can be served", () =>
    inFolder(async (folder) => {
      const list = tokensById(5).toReversed();
      const { out, manifest } = await buildIn(folder, toCsv(list), { format: "gtc-v1" });
      expect(manifest.root).to.equal(rootOf(buildGtcTree(leafHashes(toRows(list)))));
      const book = await openAllocations(out);
      expect(book.proof(5)).to.have.length(3); // first in the file
      expect(book.proof(1)).to.have.length(1); // last, the odd one
    }));

  it("writes the generator's file with an indent of four, and reads it back", () =>
    inFolder(async (folder) => {
      const { out } = await buildIn(folder, toCsv(tokensById(5)), { format: "gtc-v1" });
      const text = await readFile(path.join(out, "proofs.json"), "utf8");
      const document = JSON.parse(text) as Record<string, { leaf: string }>;
      expect(text).to.equal(`${JSON.stringify(document, null, 4)}\n`);
      expect(document["1"]?.leaf).to.equal("0x6081e60a560cf21a6ea538bd62fec907bc40d5711c5e8c7e8fbe6dc134b72608");
      const proofs = readGtcProofs(document);
      expect(proofs.root).to.equal(VECTOR_ROOT);
      expect([...proofs.entries.keys()]).to.deep.equal([1, 2, 3, 4, 5]);
      const older = Object.fromEntries(
        Object.entries(document).map(([id, { leaf, ...rest }]) => [id, { claim: leaf, ...rest }]),
      );
      expect(readGtcProofs(older).root).to.equal(VECTOR_ROOT);
    }));

  it("refuses files whose proofs disagree, and what is no such file", () => {
    const word = `0x${"11".repeat(32)}`;
    const other = `0x${"22".repeat(32)}`;
    for (const document of [
      null,
      [],
      {},
      { "1": { leaf: word } },
      { "1": { leaf: "0x11", proof: [] } },
      { x: { leaf: word, proof: [] } },
      { "1": { leaf: word, proof: ["0x"] } },
      { "1": { leaf: word, proof: [] }, "2": { leaf: other, proof: [] } },
    ]) {
      failure("merkle/bad-file", () => readGtcProofs(document));
    }
  });

  it("has no bound leaves", () =>
    inFolder(async (folder) => {
      const list = [{ userId: 1, amount: 1n, account: `0x${"11".repeat(20)}` }];
      await failureOf("list/format-mismatch", buildIn(folder, toCsv(list), { format: "gtc-v1" }));
    }));
});
