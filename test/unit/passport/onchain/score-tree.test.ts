import { readFileSync } from "node:fs";

import { expect } from "chai";

import { rootFromProof } from "../../../../src/merkle/proof.js";
import { hashScoreLeaf } from "../../../../src/passport/onchain/score-leaf.js";
import { proveScore, scoresOfTree, ScoreTreeBuilder } from "../../../../src/passport/onchain/score-tree.js";
import { accountOf } from "../../../support/passport/stamps.js";
import { codeOf } from "../../../support/scoring.js";

const people = (count: number) =>
  Array.from({ length: count }, (_, at) => accountOf(`person ${at}`).toLowerCase())
    .sort()
    .map((account, at) => ({ account, score: at * 10_000, expiresAt: 1_800_000_000 + at }));

describe("the score tree", () => {
  it("proves the vectors' leaves as the contract hashes them", () => {
    const { scores } = JSON.parse(readFileSync("test/vectors/passport-registry.json", "utf8")) as {
      scores: {
        root: string;
        leaves: { scorerId: string; account: string; score: number; expiresAt: string; proof: string[] }[];
      };
    };
    const builder = new ScoreTreeBuilder();
    const leaves = scores.leaves.map((leaf) => ({ ...leaf, account: leaf.account.toLowerCase() }));
    // One leaf of the vectors expires later than a double can say; it is not for this builder.
    const usable = leaves.filter(({ expiresAt }) => Number.isSafeInteger(Number(expiresAt)));
    expect(usable).to.have.length(leaves.length - 1);
    usable
      .sort((a, b) => (a.account < b.account ? -1 : 1))
      .forEach(({ account, score, expiresAt }) => builder.add({ account, score, expiresAt: Number(expiresAt) }));
    const tree = builder.build(1n);
    for (const { account, score, expiresAt } of usable) {
      const leaf = hashScoreLeaf({ scorerId: 1n, account, score, expiresAt: BigInt(expiresAt) });
      expect(rootFromProof(leaf, proveScore(tree, account)?.proof ?? [])).to.equal(tree.root);
    }
  });

  it("proves every leaf of trees of any size, for scorer ids of 256 bits, and nobody else", () => {
    for (const count of [1, 2, 3, 5, 64, 1500]) {
      const builder = new ScoreTreeBuilder();
      const list = people(count);
      list.forEach((score) => builder.add(score));
      const scorerId = 2n ** 256n - 1n;
      const tree = builder.build(scorerId);
      expect([...scoresOfTree(tree)]).to.deep.equal(list);
      for (const { account, score, expiresAt } of list.slice(0, 70)) {
        const found = proveScore(tree, account);
        const leaf = hashScoreLeaf({ scorerId, account, score, expiresAt: BigInt(expiresAt) });
        expect(rootFromProof(leaf, found?.proof ?? [])).to.equal(tree.root);
      }
      expect(proveScore(tree, accountOf("stranger").toLowerCase())).to.equal(undefined);
      expect(proveScore(tree, `0x${"f".repeat(40)}`)).to.equal(undefined);
    }
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
