import { expect } from "chai";
import { network } from "hardhat";

import { TRANSACTION_GAS_CAP, verifyOnchain } from "../../src/chain/stm-verifier.js";
import { claimOf } from "../../src/mithril/verify.js";
import { parseCertificate } from "../../src/mithril/parse-certificate.js";
import { StmVerifier__factory } from "../../typechain-types/index.js";
import { makeChain, type Raw } from "../support/mithril-chain.js";
import { PROOF_MUTATIONS } from "../support/mithril-mutations.js";

/** Two of three signers, so that the proof has a path. */
const twoSigners = (): Raw => {
  const [, raw] = makeChain((draft) => {
    const { keys, registration } = draft.signers;
    draft.signers = { keys: keys.slice(0, 2), registration };
    draft.parameters = { k: 35n, m: 60n, phiF: 0.95 };
  });
  if (raw === undefined) throw new Error("the chain is too short");
  return raw;
};

describe("a Mithril certificate's multisignature on-chain", () => {
  async function deploy() {
    const { ethers } = await network.create();
    const [signer] = await ethers.getSigners();
    if (signer === undefined) throw new Error("the chain has no account");
    const contract = await new StmVerifier__factory(signer).deploy();
    return { signer, address: await contract.getAddress(), provider: ethers.provider };
  }

  it("mithril/onchain-gas-is-a-transactions: base cost and calldata included", async () => {
    const { signer, address, provider } = await deploy();
    const claim = claimOf(parseCertificate(twoSigners(), "certificate"));
    const before = await provider.getTransactionCount(signer.address);
    const sent = await verifyOnchain(signer, address, () => claim);
    expect(await provider.getTransactionCount(signer.address)).to.equal(before + 1);
    expect(sent.refusal).to.equal(undefined);
    // At least the base cost and 4 gas for each byte; far below the cap.
    expect(Number(sent.gas)).to.be.greaterThan(21_000 + 4 * (sent.calldataBytes ?? 0));
    expect(Number(sent.gas)).to.be.lessThan(Number(TRANSACTION_GAS_CAP / 10n));
    const estimated = await verifyOnchain(signer, address, () => claim, true);
    expect(await provider.getTransactionCount(signer.address)).to.equal(before + 1);
    expect(Math.abs(Number(estimated.gas) / Number(sent.gas) - 1)).to.be.lessThan(0.05);
  });

  it("mithril/onchain-refuses-every-mutation: with the verdict that it has off-chain", async () => {
    const { signer, address } = await deploy();
    const raw = twoSigners();
    for (const [name, mutate] of Object.entries(PROOF_MUTATIONS)) {
      const verdict = await verifyOnchain(signer, address, () => claimOf(parseCertificate(mutate(raw), "mutated")));
      expect(verdict.refusal, name).to.be.a("string");
      expect(verdict, name).to.not.have.property("gas");
    }
  });
});
