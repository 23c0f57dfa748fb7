import { readFileSync } from "node:fs";

import { expect } from "chai";

import { anchorDigest, anchorDomain, hashRules } from "../../../../src/passport/onchain/anchor-typed-data.js";
import { hashScoreLeaf } from "../../../../src/passport/onchain/score-leaf.js";

interface Vectors {
  readonly domain: { readonly chainId: number; readonly verifyingContract: string };
  readonly scores: {
    readonly leaves: readonly {
      readonly scorerId: string;
      readonly account: string;
      readonly score: number;
      readonly expiresAt: string;
      readonly hash: string;
    }[];
  };
  readonly anchors: readonly {
    readonly scorerId: string;
    readonly number: number;
    readonly root: string;
    readonly issuedAt: string;
    readonly threshold: number;
    readonly definition: string;
    readonly rulesHash: string;
    readonly count: string;
    readonly uri: string;
    readonly deadline: string;
    readonly digest: string;
  }[];
}

const vectors = JSON.parse(readFileSync("test/vectors/passport-registry.json", "utf8")) as Vectors;

describe("the registry's hashes", () => {
  it("registry/leaf-golden-ts: every leaf of the vectors", () => {
    expect(vectors.scores.leaves).to.have.length(5);
    for (const { scorerId, account, score, expiresAt, hash } of vectors.scores.leaves) {
      const leaf = { scorerId: BigInt(scorerId), account, score, expiresAt: BigInt(expiresAt) };
      expect(hashScoreLeaf(leaf)).to.equal(hash);
    }
  });

  it("registry/wide-score-refused-at-build: a score or an expiry that does not fit is refused, never cut", () => {
    const leaf = { scorerId: 1n, account: vectors.domain.verifyingContract, score: 250_000, expiresAt: 1n };
    expect(() => hashScoreLeaf({ ...leaf, score: 2 ** 32 })).to.throw("out-of-bounds");
    expect(() => hashScoreLeaf({ ...leaf, score: 5_000_000_000 })).to.throw("out-of-bounds");
    expect(() => hashScoreLeaf({ ...leaf, score: -1 })).to.throw("out-of-bounds");
    expect(() => hashScoreLeaf({ ...leaf, score: 0.5 })).to.throw();
    expect(() => hashScoreLeaf({ ...leaf, expiresAt: 2n ** 64n })).to.throw("out-of-bounds");
  });

  it("registry/anchor-golden-ts: every anchor's rules hash and digest", () => {
    const domain = anchorDomain(BigInt(vectors.domain.chainId), vectors.domain.verifyingContract);
    expect(vectors.anchors).to.have.length(3);
    for (const { digest, rulesHash, ...anchor } of vectors.anchors) {
      expect(hashRules(anchor.threshold, anchor.definition)).to.equal(rulesHash);
      const { scorerId, number, root, issuedAt, threshold, definition, count, uri, deadline } = anchor;
      const typed = {
        scorerId: BigInt(scorerId),
        number,
        root,
        issuedAt: BigInt(issuedAt),
        threshold,
        definition,
        count: BigInt(count),
        uri,
        deadline: BigInt(deadline),
      };
      expect(anchorDigest(domain, typed)).to.equal(digest);
    }
  });
});
