import { readFileSync } from "node:fs";

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import fc from "fast-check";

import { rootFromProof } from "../../../src/merkle/proof.js";
import { hashScoreLeaf } from "../../../src/passport/onchain/score-leaf.js";
import { ScoreTreeBuilder } from "../../../src/passport/onchain/score-tree.js";
import { buildScoreTree, type ScoreEntry } from "../../../src/scoring/score-tree.js";
import { DomainError } from "../../../src/shared/errors.js";

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

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  throw new Error("nothing was refused");
}

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
    leaves.forEach(({ account, score, expiresAt, proof }, row) => {
      expect(tree.proofAt(row)).to.deep.equal({ account, score, expiresAt, proof });
      expect(tree.proofOf(account.toLowerCase())).to.deep.equal(tree.proofAt(row));
    });
  });

  it("has the root and the proofs of OpenZeppelin's tree, whatever the scorer", () => {
    fc.assert(
      fc.property(entries, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (list, scorerId) => {
        const tree = buildScoreTree(scorerId, list);
        const values = list.map(({ account, score, expiresAt }) => [scorerId, account, score, expiresAt]);
        const reference = StandardMerkleTree.of(values, ["uint256", "address", "uint32", "uint64"]);
        expect(tree.root).to.equal(reference.root);
        list.forEach((entry, row) => {
          const { proof } = tree.proofOf(entry.account)!;
          expect(proof).to.deep.equal(reference.getProof(row));
          expect(rootFromProof(hashScoreLeaf({ scorerId, ...entry }), proof)).to.equal(tree.root);
        });
      }),
    );
  });

  it("is the tree that the service keeps", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const finite = list.map((entry) => ({ ...entry, expiresAt: Number(entry.expiresAt % 2n ** 40n) }));
        const builder = new ScoreTreeBuilder();
        for (const entry of finite.toSorted((a, b) => (a.account < b.account ? -1 : 1))) builder.add(entry);
        expect(builder.build(335n).root).to.equal(buildScoreTree(335n, finite).root);
      }),
      { numRuns: 30 },
    );
  });

  it("hashes more than one batch of leaves, and knows who is not there", () => {
    const many = Array.from({ length: 2_500 }, (_, k) => ({ account: account(k + 1), score: k, expiresAt: k * 7 }));
    const tree = buildScoreTree(9n, many);
    for (const row of [0, 1023, 1024, 2047, 2048, 2499]) {
      const entry = tree.proofOf(account(row + 1))!;
      expect(entry).to.include({ score: row, expiresAt: BigInt(row * 7) });
      expect(rootFromProof(hashScoreLeaf({ scorerId: 9n, ...entry }), entry.proof)).to.equal(tree.root);
    }
    for (const stranger of [account(0), account(2_501), "0x", "nobody"]) {
      expect(tree.proofOf(stranger)).to.equal(undefined);
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
    for (const wrong of [
      { score: 2 ** 32 },
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
});
