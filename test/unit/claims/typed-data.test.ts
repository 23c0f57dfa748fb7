import { readFileSync } from "node:fs";

import { AbiCoder, concat, getBytes, keccak256, recoverAddress, TypedDataEncoder, ZeroAddress } from "ethers";
import { expect } from "chai";

import {
  CLAIM_TYPE_HASH,
  CLAIM_TYPE_STRING,
  CLAIM_TYPES,
  claimDigest,
  claimDomain,
  claimStructHash,
  type Claim,
} from "../../../src/claims/typed-data.js";

interface ClaimVector {
  userId: number;
  account: string;
  amount: string;
  delegatee: string;
  submitter: string;
  deadline: string;
  structHash: string;
  digest: string;
  signerSignature: string;
  signerCompactSignature: string;
  accountSignature: string;
}

interface LeafVector {
  userId: number;
  amount: string;
  account: string;
  leaf: string;
}

const vectors = JSON.parse(readFileSync("test/vectors/claims.json", "utf8")) as {
  domain: { name: string; version: string; chainId: number; verifyingContract: string; separator: string };
  typeString: string;
  typeHash: string;
  signer: string;
  claims: ClaimVector[];
  leaves: LeafVector[];
  trees: { count: number; root: string; proofs: string[][] }[];
};

const domain = claimDomain(BigInt(vectors.domain.chainId), vectors.domain.verifyingContract);

function claimOf({ userId, account, amount, delegatee, submitter, deadline }: ClaimVector): Claim {
  return { userId, account, amount: BigInt(amount), delegatee, submitter, deadline: BigInt(deadline) };
}

function leafOf({ userId, amount, account }: LeafVector): string {
  const unbound = account === ZeroAddress;
  const types = unbound ? ["uint32", "uint256"] : ["uint32", "uint256", "address"];
  const values = unbound ? [userId, amount] : [userId, amount, account];
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}

describe("the claim's typed data", () => {
  it("has the domain of the vectors", () => {
    expect(domain.name).to.equal(vectors.domain.name);
    expect(domain.version).to.equal(vectors.domain.version);
    expect(TypedDataEncoder.hashDomain({ ...domain })).to.equal(vectors.domain.separator);
  });

  it("has the type of the vectors", () => {
    expect(CLAIM_TYPE_STRING).to.equal(vectors.typeString);
    expect(CLAIM_TYPE_HASH).to.equal(vectors.typeHash);
    expect(TypedDataEncoder.from(CLAIM_TYPES).encodeType("Claim")).to.equal(CLAIM_TYPE_STRING);
  });

  it("hashes every claim of the vectors alike, and its signatures recover", () => {
    expect(vectors.claims).to.have.lengthOf.at.least(4);
    for (const vector of vectors.claims) {
      const claim = claimOf(vector);
      expect(claimStructHash(claim)).to.equal(vector.structHash);
      const digest = claimDigest(domain, claim);
      expect(digest).to.equal(vector.digest);
      expect(recoverAddress(digest, vector.signerSignature)).to.equal(vectors.signer);
      expect(recoverAddress(digest, vector.signerCompactSignature)).to.equal(vectors.signer);
      expect(recoverAddress(digest, vector.accountSignature)).to.equal(vector.account);
    }
  });

  it("gives another digest when any one field changes", () => {
    const claim = claimOf(vectors.claims[0]!);
    const others: Partial<Claim>[] = [
      { userId: claim.userId + 1 },
      { account: vectors.signer },
      { amount: claim.amount + 1n },
      { delegatee: ZeroAddress },
      { submitter: vectors.signer },
      { deadline: claim.deadline + 1n },
    ];
    const digests = [claim, ...others.map((other) => ({ ...claim, ...other }))].map((each) =>
      claimDigest(domain, each),
    );
    expect(new Set(digests).size).to.equal(7);
  });
});

describe("the vectors' leaves and trees", () => {
  it("leaf/golden-ts-equals-sol: every leaf is the double hash of its ABI encoding", () => {
    for (const vector of vectors.leaves) expect(leafOf(vector)).to.equal(vector.leaf);
  });

  it("prove every leaf of every tree", () => {
    for (const { count, root, proofs } of vectors.trees) {
      expect(proofs).to.have.lengthOf(count);
      for (const [index, proof] of proofs.entries()) {
        const node = proof.reduce((left, right) => {
          const pair = BigInt(left) < BigInt(right) ? [left, right] : [right, left];
          return keccak256(concat(pair.map((word) => getBytes(word))));
        }, vectors.leaves[index]!.leaf);
        expect(node).to.equal(root);
      }
    }
  });
});
