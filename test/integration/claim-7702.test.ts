import { expect } from "chai";
import { id, toBeHex, Wallet, ZeroAddress } from "ethers";
import { network } from "hardhat";

import { CLAIM_TYPES, claimDomain, type Claim } from "../../src/claims/typed-data.js";
import { hashPair, leafOf } from "../../scripts/bench/claim-gas/synthetic-tree.js";
import { deployTouchstone } from "../../scripts/bench/claim-gas/systems.js";

const START = 1_900_000_000;
const END = START + 86_400;
const AMOUNT = 5n * 10n ** 18n;

/** A launched campaign in which `alice` has a bound leaf (user 1) and user 2 is unbound, on a chain of its own. */
async function campaign() {
  const { ethers } = await network.create();
  const { provider } = ethers;
  const [deployer] = await ethers.getSigners();
  const [alice, signer] = ["alice", "signer"].map((name) => new Wallet(id(`7702 ${name}`), provider)) as [
    Wallet,
    Wallet,
  ];
  const rows = [
    { userId: 1, amount: AMOUNT, account: alice.address },
    { userId: 2, amount: AMOUNT },
  ];
  const [bound, unbound] = rows.map(leafOf) as [string, string];
  const { distributor } = await deployTouchstone({
    deployer: deployer!,
    signer: signer.address,
    root: hashPair(bound, unbound),
    total: 2n * AMOUNT,
    start: START,
    end: END,
    stewards: [deployer!.address],
  });
  await provider.send("hardhat_setBalance", [alice.address, toBeHex(10n ** 20n)]);
  await provider.send("evm_setNextBlockTimestamp", [START]);

  // Alice's account runs somebody's code from now on: an authorisation in a transaction of type 4. Which code is all one
  // here; that of the distributor answers no `isValidSignature`.
  const target = await distributor.getAddress();
  const authorization = await alice.authorize({ address: target, nonce: (await alice.getNonce()) + 1 });
  const sent = await alice.sendTransaction({
    type: 4,
    to: alice.address,
    authorizationList: [authorization],
    data: "0x8da5cb5b",
    gasLimit: 200_000n,
  });
  await sent.wait();
  expect(await provider.getCode(alice.address)).to.equal(`0xef0100${target.slice(2).toLowerCase()}`);
  const domain = claimDomain((await provider.getNetwork()).chainId, target);
  const claim = (userId: number, submitter: string): Claim => ({
    userId,
    account: alice.address,
    amount: AMOUNT,
    delegatee: ZeroAddress,
    submitter,
    deadline: BigInt(END),
  });
  const sign = (wallet: Wallet, message: Claim) => wallet.signTypedData({ ...domain }, CLAIM_TYPES, message);
  return { alice, signer, deployer: deployer!, distributor, claim, sign, proofs: { 1: [unbound], 2: [bound] } };
}

describe("an account with delegated code (EIP-7702)", () => {
  it("claim/7702-account-claims: it claims as the caller, both kinds of leaf", async () => {
    const { alice, signer, distributor, claim, sign, proofs } = await campaign();
    await (await distributor.connect(alice).claim(1, AMOUNT, ZeroAddress, proofs[1])).wait();
    expect(await distributor.isClaimed(1)).to.equal(true);

    const message = claim(2, alice.address);
    const signature = await sign(signer, message);
    await (
      await distributor.connect(alice).claimSigned(2, AMOUNT, ZeroAddress, message.deadline, signature, proofs[2])
    ).wait();
    expect(await distributor.isClaimed(2)).to.equal(true);
  });

  it("consents to a sponsored claim with its key, whatever its code answers", async () => {
    const { alice, signer, deployer, distributor, claim, sign, proofs } = await campaign();
    const items = await Promise.all(
      ([1, 2] as const).map(async (userId) => {
        const message = claim(userId, deployer.address);
        return {
          ...message,
          accountSignature: await sign(alice, message),
          signerSignature: userId === 2 ? await sign(signer, message) : "0x",
          proof: proofs[userId],
        };
      }),
    );
    await (await distributor.connect(deployer).claimBatch(deployer.address, items)).wait();
    expect(await distributor.isClaimed(1)).to.equal(true);
    expect(await distributor.isClaimed(2)).to.equal(true);
  });
});
