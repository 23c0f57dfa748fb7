import { expect } from "chai";
import { getAddress, hexlify, TypedDataEncoder, type TypedDataDomain } from "ethers";
import fc from "fast-check";

import { parseAddress } from "../../../src/claims/address.js";
import { createClaimHasher } from "../../../src/claims/claim-hasher.js";
import { CLAIM_TYPES, claimDigest } from "../../../src/claims/typed-data.js";
import { arbitraryAddress, arbitraryClaim } from "../../support/arbitraries.js";

describe("createClaimHasher", () => {
  it("gives the digest that ethers' encoder gives", () => {
    const domains = fc.record({
      name: fc.string(),
      version: fc.string(),
      chainId: fc.bigInt({ min: 1n, max: 2n ** 64n }),
      verifyingContract: arbitraryAddress,
    });
    fc.assert(
      fc.property(domains, arbitraryClaim, (domain, claim) => {
        const digest = hexlify(createClaimHasher(domain)(claim));
        expect(digest).to.equal(TypedDataEncoder.hash(domain as TypedDataDomain, CLAIM_TYPES, claim));
        expect(digest).to.equal(claimDigest(domain, claim));
      }),
    );
  });
});

describe("parseAddress", () => {
  it("gives the checksummed form that ethers gives, for any spelling in one case", () => {
    fc.assert(
      fc.property(arbitraryAddress, (address) => {
        const lower = address.toLowerCase();
        expect(parseAddress(address)).to.equal(getAddress(lower));
        expect(parseAddress(lower)).to.equal(getAddress(lower));
        expect(parseAddress(`0x${lower.slice(2).toUpperCase()}`)).to.equal(getAddress(lower));
      }),
    );
  });

  it("refuses a wrong checksum, another length, and what is no hex", () => {
    const right = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    for (const wrong of [
      right.replace("C5", "c5"),
      right.slice(0, -1),
      `${right}0`,
      right.replace("7", "g"),
      "",
      "0x",
    ]) {
      expect(parseAddress(wrong), wrong).to.equal(undefined);
    }
  });
});
