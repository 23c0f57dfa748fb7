import { SimpleMerkleTree, StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import fc from "fast-check";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { readDump } from "../../../src/merkle/formats/standard-dump.js";
import { hex } from "../../../src/merkle/hex.js";
import { openAllocations } from "../../../src/merkle/open-allocations.js";
import { failure, failureOf } from "./support/codes.js";
import { buildIn, inFolder } from "./support/folder.js";
import { allocations, tokensById, toCsv, type Kinds } from "./support/rows.js";

const readJson = async <T>(...names: string[]) => JSON.parse(await readFile(path.join(...names), "utf8")) as T;

describe("dumps", () => {
  for (const kinds of ["unbound", "bound"] satisfies Kinds[]) {
    it(`of ${kinds} lists load in OpenZeppelin's library and say the same`, async () => {
      await fc.assert(
        fc.asyncProperty(allocations(kinds, 12), (list) =>
          inFolder(async (folder) => {
            const { out, manifest } = await buildIn(folder, toCsv(list), { dump: true });
            const tree = StandardMerkleTree.load<string[]>(await readJson(out, "standard-v1.json"));
            expect(tree.root).to.equal(manifest.root);
            const values = list
              .toSorted((a, b) => a.userId - b.userId)
              .map(({ userId, amount, account }) => [
                String(userId),
                String(amount),
                ...(account === null ? [] : [account]),
              ]);
            expect(Array.from(tree.entries(), ([, value]) => value)).to.deep.equal(values);
          }),
        ),
        { numRuns: 10 },
      );
    });
  }

  it("of lists of both kinds are simple-v1", () =>
    inFolder(async (folder) => {
      const list = tokensById(9).map((one) => ({ ...one, account: one.userId % 2 ? null : `0x${"11".repeat(20)}` }));
      const { out, manifest } = await buildIn(folder, toCsv(list), { dump: true });
      const document = await readJson<ReturnType<SimpleMerkleTree["dump"]>>(out, "simple-v1.json");
      expect(SimpleMerkleTree.load(document).root).to.equal(manifest.root);
      const read = readDump(document);
      expect([read.root, read.rows]).to.deep.equal([manifest.root, null]);
    }));

  it("of the library are read, with its leaves in any order", () => {
    const values = tokensById(6).map(({ userId, amount }) => [String(userId), String(amount)]);
    for (const sortLeaves of [true, false]) {
      const reference = StandardMerkleTree.of(values, ["uint256", "uint256"], { sortLeaves });
      const read = readDump(JSON.parse(JSON.stringify(reference.dump())));
      expect(read.root).to.equal(reference.root);
      expect(hex(read.tree.nodes, 0, 32)).to.equal(reference.root);
      expect([...(read.rows?.ids ?? [])]).to.deep.equal([1, 2, 3, 4, 5, 6]);
    }
  });

  it("become a list of ours when they are built from, unless that would change the root", () =>
    inFolder(async (folder) => {
      const values = tokensById(6).map(({ userId, amount }) => [String(userId), String(amount)]);
      const list = path.join(folder, "dump.json");
      const sorted = StandardMerkleTree.of(values, ["uint32", "uint256"]);
      await writeFile(list, JSON.stringify(sorted.dump()));
      const { out, manifest } = await buildIn(folder, "", { list });
      expect(manifest.root).to.equal(sorted.root);
      expect((await openAllocations(out)).proof(3)).to.deep.equal(sorted.getProof(2));
      const unsorted = StandardMerkleTree.of(values, ["uint32", "uint256"], { sortLeaves: false });
      await writeFile(list, JSON.stringify(unsorted.dump()));
      await failureOf("merkle/bad-file", buildIn(folder, "", { list, out: path.join(folder, "other") }));
    }));

  const dump = () => {
    const values = tokensById(4).map(({ userId, amount }) => [String(userId), String(amount)]);
    return StandardMerkleTree.of(values, ["uint32", "uint256"]).dump();
  };
  const refusals: [what: string, code: string, change: (document: ReturnType<typeof dump>) => object | null][] = [
    ["nothing", "merkle/bad-file", () => null],
    ["another format", "merkle/bad-file", (one) => ({ ...one, format: "standard-v2" })],
    ["another hash", "merkle/bad-file", (one) => ({ ...one, hash: "custom" })],
    ["no values", "merkle/bad-file", (one) => ({ ...one, values: [] })],
    ["a node too many", "merkle/bad-file", (one) => ({ ...one, tree: [...one.tree, one.tree[0]] })],
    ["a node that is no word", "merkle/bad-file", (one) => ({ ...one, tree: one.tree.with(1, "0x12") })],
    ["a wrong root", "merkle/bad-file", (one) => ({ ...one, tree: one.tree.with(0, one.tree[1] as string) })],
    ["a wrong leaf", "merkle/bad-file", (one) => ({ ...one, tree: one.tree.with(6, one.tree[5] as string) })],
    ["another encoding", "merkle/bad-file", (one) => ({ ...one, leafEncoding: ["address", "uint256"] })],
    ["an inner node as a leaf", "merkle/bad-file", (one) => change(one, 0, { treeIndex: 1 })],
    ["a place outside of the tree", "merkle/bad-file", (one) => change(one, 0, { treeIndex: 7 })],
    ["another amount", "merkle/bad-file", (one) => change(one, 0, { value: ["1", "5"] })],
    ["a JSON number", "merkle/bad-file", (one) => change(one, 0, { value: [1, "1000000000000000000"] })],
    [
      "a leaf twice",
      "merkle/duplicate-leaf",
      (one) => ({ ...one, values: [...one.values.slice(0, 3), one.values[0]] }),
    ],
  ];
  const change = (one: ReturnType<typeof dump>, index: number, changes: object) => ({
    ...one,
    values: one.values.map((value, place) => (place === index ? { ...value, ...changes } : value)),
  });
  for (const [what, code, alter] of refusals) {
    it(`with ${what} are refused`, () => {
      failure(code, () => readDump(alter(dump())));
    });
  }

  it("with equal leaves at two places are refused, although the library loads them", () => {
    const values = [1, 1, 2].map((id) => [String(id), "5"]);
    const document = StandardMerkleTree.of(values, ["uint32", "uint256"]).dump();
    StandardMerkleTree.load(document);
    failure("merkle/duplicate-leaf", () => readDump(document));
  });

  it("with two amounts for one id are refused, although the library loads them", () => {
    const values = ["5", "6"].map((amount) => ["1", amount]);
    failure("merkle/duplicate-leaf", () => readDump(StandardMerkleTree.of(values, ["uint32", "uint256"]).dump()));
  });

  it("of simple trees with equal leaves are refused", () => {
    const word = `0x${"11".repeat(32)}`;
    failure("merkle/duplicate-leaf", () => readDump(SimpleMerkleTree.of([word, word]).dump()));
  });
});
