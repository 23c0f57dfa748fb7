import { readFileSync } from "node:fs";

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import fc from "fast-check";

import { rootFromProof } from "../../../../src/merkle/proof.js";
import { hashScoreLeaf } from "../../../../src/passport/onchain/score-leaf.js";
import {
  buildScoreTree,
  proveScore,
  scoresOfTree,
  ScoreTreeBuilder,
  type ScoreEntry,
} from "../../../../src/passport/onchain/score-tree.js";
import { accountOf } from "../../../support/passport/stamps.js";
import { codeOf } from "../../../support/scoring.js";

interface Vectors {
  readonly scores: {
    readonly root: string;
    readonly leaves: readonly {
      readonly account: string;
      readonly score: number;
      readonly expiresAt: string;
      readonly proof: readonly string[];
    }[];
  };
}

const vectors = JSON.parse(readFileSync("test/vectors/passport-registry.json", "utf8")) as Vectors;
const account = (n: number) => `0x${n.toString(16).padStart(40, "0")}`;

const people = (count: number) =>
  Array.from({ length: count }, (_, at) => accountOf(`person ${at}`).toLowerCase())
    .sort()
    .map((account, at) => ({ account, score: at * 10_000, expiresAt: 1_800_000_000 + at }));

const entries = fc.uniqueArray(
  fc.record({
    account: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((b) => `0x${Buffer.from(b).toString("hex")}`),
    score: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    expiresAt: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  }),
  { selector: (entry) => entry.account, minLength: 1, maxLength: 40 },
);

describe("the score tree", () => {
  it("scoring/score-tree-golden: root and proofs of the registry's vectors", () => {
    const leaves = vectors.scores.leaves.map((leaf) => ({ ...leaf, expiresAt: BigInt(leaf.expiresAt) }));
    const tree = buildScoreTree(1n, leaves);
    expect(tree.root).to.equal(vectors.scores.root);
    for (const { account, score, expiresAt, proof } of leaves) {
      const found = { account: account.toLowerCase(), score, expiresAt, proof };
      expect(proveScore(tree, account)).to.deep.equal(found);
      expect(proveScore(tree, account.toLowerCase())).to.deep.equal(found);
    }
  });

  it("has the root and the proofs of OpenZeppelin's tree, whatever the scorer", () => {
    fc.assert(
      fc.property(entries, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (list, scorerId) => {
        const tree = buildScoreTree(scorerId, list);
        const values = list.map(({ account, score, expiresAt }) => [scorerId, account, score, expiresAt]);
        const reference = StandardMerkleTree.of(values, ["uint256", "address", "uint32", "uint64"]);
        expect(tree.root).to.equal(reference.root);
        list.forEach((entry, row) => {
          const { proof } = proveScore(tree, entry.account)!;
          expect(proof).to.deep.equal(reference.getProof(row));
          expect(rootFromProof(hashScoreLeaf({ scorerId, ...entry }), proof)).to.equal(tree.root);
        });
      }),
    );
  });

  it("proves every leaf of trees of any size, for scorer ids of 256 bits, and nobody else", () => {
    for (const count of [1, 2, 3, 5, 64, 1500]) {
      const builder = new ScoreTreeBuilder();
      const list = people(count);
      list.forEach((score) => builder.add(score));
      const scorerId = 2n ** 256n - 1n;
      const tree = builder.build(scorerId);
      expect([...scoresOfTree(tree)]).to.deep.equal(
        list.map((leaf) => ({ ...leaf, expiresAt: BigInt(leaf.expiresAt) })),
      );
      expect(tree).to.deep.equal(buildScoreTree(scorerId, list.toReversed()));
      for (const { account, score, expiresAt } of list.slice(0, 70)) {
        const found = proveScore(tree, account);
        const leaf = hashScoreLeaf({ scorerId, account, score, expiresAt: BigInt(expiresAt) });
        expect(rootFromProof(leaf, found?.proof ?? [])).to.equal(tree.root);
      }
      expect(proveScore(tree, accountOf("stranger").toLowerCase())).to.equal(undefined);
      expect(proveScore(tree, `0x${"f".repeat(40)}`)).to.equal(undefined);
    }
  });

  it("hashes more than one batch of leaves, and knows who is not there", () => {
    const many = Array.from({ length: 2_500 }, (_, k) => ({ account: account(k + 1), score: k, expiresAt: k * 7 }));
    const tree = buildScoreTree(9n, many);
    for (const row of [0, 1023, 1024, 2047, 2048, 2499]) {
      const entry = proveScore(tree, account(row + 1))!;
      expect(entry).to.include({ score: row, expiresAt: BigInt(row * 7) });
      expect(rootFromProof(hashScoreLeaf({ scorerId: 9n, ...entry }), entry.proof)).to.equal(tree.root);
    }
    for (const stranger of [account(0), account(2_501), "0x", "nobody"]) {
      expect(proveScore(tree, stranger)).to.equal(undefined);
    }
  });

  it("scoring/account-once-per-tree: an account that stands there twice is refused, whatever its spelling", () => {
    const twice: ScoreEntry[] = [
      { account: "0xabcdefabcdefabcdefabcdefabcdefabcdefabcd", score: 1, expiresAt: 1 },
      { account: account(7), score: 1, expiresAt: 1 },
      { account: "0xABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD", score: 2, expiresAt: 2 },
    ];
    expect(codeOf(() => buildScoreTree(1n, twice))).to.equal("scoring/duplicate-account");
  });

  it("scoring/wide-score-refused-by-tree: what does not fit a leaf is refused, never cut", () => {
    const fitting = { account: account(1), score: 2 ** 32 - 1, expiresAt: 2n ** 64n - 1n };
    expect(buildScoreTree(1n, [fitting]).count).to.equal(1);
    expect(codeOf(() => buildScoreTree(1n, [{ ...fitting, score: 2 ** 32 }]))).to.equal("scoring/score-too-large");
    for (const wrong of [
      { score: -1 },
      { score: 0.5 },
      { score: Number.NaN },
      { expiresAt: 2n ** 64n },
      { expiresAt: -1n },
      { expiresAt: 1.5 },
      { account: "0x12" },
    ]) {
      expect(codeOf(() => buildScoreTree(1n, [{ ...fitting, ...wrong }]))).to.equal("scoring/bad-leaf");
    }
    expect(codeOf(() => buildScoreTree(2n ** 256n, [fitting]))).to.equal("scoring/bad-leaf");
    expect(codeOf(() => buildScoreTree(1n, []))).to.equal("scoring/empty-tree");
  });

  it("refuses an account twice, and a score of 33 bits", () => {
    const [one] = people(1);
    if (one === undefined) throw new Error("no one");
    const builder = new ScoreTreeBuilder();
    builder.add(one);
    expect(() => builder.add(one)).to.throw("each once");
    const large = { ...one, account: `0x${"f".repeat(40)}`, score: 2 ** 32 };
    expect(codeOf(() => builder.add(large))).to.equal("scoring/score-too-large");
  });
});
