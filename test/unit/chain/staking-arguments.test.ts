import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";

import { evidenceHash, parsePercent, parseStakes, parseWeeks } from "../../../src/chain/staking/arguments.js";
import { DomainError } from "../../../src/shared/errors.js";

const A = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const B = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

function refused(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("what people type about stakes", () => {
  it("names self stakes by one account and others by two", () => {
    expect(parseStakes(`${A}, ${A.toLowerCase()}:${B}`)).to.deep.equal([
      { staker: A, stakee: A },
      { staker: A, stakee: B },
    ]);
  });

  it("refuses what is no stake, and a stake named twice", () => {
    for (const text of ["", "0x12", `${A}:${B}:${A}`, `${A}:`, `:${B}`, `${A},`, `${A},${A}:${A.toLowerCase()}`]) {
      expect(
        refused(() => parseStakes(text)),
        text,
      ).to.equal("staking/bad-argument");
    }
  });

  it("takes shares from 1 to 100, with or without a sign, and whole weeks", () => {
    expect(["1", "50%", "100 %"].map(parsePercent)).to.deep.equal([1n, 50n, 100n]);
    for (const text of ["0", "101", "-1", "5.5", "1e1", ""]) {
      expect(
        refused(() => parsePercent(text)),
        text,
      ).to.equal("staking/bad-argument");
    }
    expect(parseWeeks("12")).to.equal(7_257_600n);
    expect(refused(() => parseWeeks("12w"))).to.equal("staking/bad-argument");
  });

  it("takes evidence as a hash, or hashes the file's bytes", async () => {
    const hash = `0x${"Ab".repeat(32)}`;
    const read = (file: string) => Promise.resolve(toUtf8Bytes(`bytes of ${file}`));
    expect(await evidenceHash(hash, read)).to.equal(hash.toLowerCase());
    expect(await evidenceHash("case.pdf", read)).to.equal(keccak256(toUtf8Bytes("bytes of case.pdf")));
  });
});
