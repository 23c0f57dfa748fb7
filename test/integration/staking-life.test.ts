import { expect } from "chai";
import { id, MaxUint256, ZeroAddress } from "ethers";
import { network } from "hardhat";

import type { Step } from "../../src/chain/call.js";
import { sendCall } from "../../src/chain/send-call.js";
import { StakeReader } from "../../src/chain/staking/stake-reader.js";
import { stakeStatus } from "../../src/chain/staking/stake-status.js";
import { StakingGateway } from "../../src/chain/staking/staking-gateway.js";
import { DomainError } from "../../src/shared/errors.js";
import { stakeTier } from "../../src/passport/providers/stake-tiers.js";
import { GovernanceToken__factory, IdentityStaking__factory } from "../../typechain-types/index.js";

const { ethers, networkHelpers } = await network.create();
const [deployer, alice, bob, carol, slasher, timelock] = await ethers.getSigners().then((all) => all.slice(0, 6));
const { time } = networkHelpers;

const TOKEN = 10n ** 18n;
const WEEK = 604_800n;
const DAY = 86_400;
const EVIDENCE = id("two credentials with one nullifier");

async function staked() {
  const now = await time.latest();
  const holders = [alice!, bob!, carol!].map(({ address }) => ({ account: address, amount: 1000n * TOKEN }));
  const distributor = "0x000000000000000000000000000000000000dEaD"; // nobody's: no hook is needed here
  const token = await new GovernanceToken__factory(deployer!).deploy(
    ...(["Touchstone", "TST", timelock!.address, now + 365 * DAY, distributor, holders] as const),
  );
  const configuration = {
    ...{ token, admin: timelock!, slasher: slasher!, releaser: timelock!, pauser: ZeroAddress },
    ...{ burnRecipient: "0x000000000000000000000000000000000000dEaD", appealWindow: 90 * DAY },
  };
  const contract = await new IdentityStaking__factory(deployer!).deploy(configuration);
  const gateway = new StakingGateway(await contract.getAddress(), ethers.provider);
  return { token, contract, gateway };
}

async function send(step: Step, from = alice!) {
  if (!("call" in step)) throw new Error(`nothing to send: ${step.done}`);
  return await sendCall(from, step.call);
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof DomainError ? String(error.details.reason ?? error.code) : String(error)),
  );

describe("identity stakes, as people and slashers work with them", () => {
  it("are made in one transaction without an approval, and once more with one", async () => {
    const { token, gateway } = await networkHelpers.loadFixture(staked);
    await send(await gateway.stake(alice!, alice!.address, 20n * TOKEN, 26n * WEEK));
    expect(await token.allowance(alice!, gateway.address)).to.equal(0n);
    await token.connect(alice!).approve(gateway.address, MaxUint256);
    const step = await gateway.stake(alice!, bob!.address, 10n * TOKEN, 12n * WEEK);
    expect(step).to.have.nested.property("call.summary").that.does.not.contain("permit");
    await send(step);
    const { self, given, received } = await stakeStatus(gateway, alice!.address);
    expect(self).to.include({ amount: 20n * TOKEN, slashed: 0n });
    expect(given.map(({ stakee, amount }) => [stakee, amount])).to.deep.equal([[bob!.address, 10n * TOKEN]]);
    expect(received).to.deep.equal([]);
  });

  it("need an approval where the account cannot sign a permit", async () => {
    const { gateway } = await networkHelpers.loadFixture(staked);
    const silent = Object.assign(Object.create(alice!) as NonNullable<typeof alice>, {
      signTypedData: () => Promise.reject(new Error("this wallet signs transactions only")),
    });
    const work = gateway.stake(silent, alice!.address, 5n * TOKEN, 12n * WEEK);
    expect(await codeOf(work)).to.equal("staking/needs-allowance");
  });

  it("are read in whole tokens, and nothing else is", async () => {
    const { gateway } = await networkHelpers.loadFixture(staked);
    expect(await gateway.amount("2.5")).to.equal(25n * 10n ** 17n);
    for (const text of ["0", "-1", "1e3", "", "0.0000000000000000001"]) {
      expect(await codeOf(gateway.amount(text))).to.equal("staking/bad-amount");
    }
  });

  it("are locked for longer, and paid back after the lock", async () => {
    const { token, gateway } = await networkHelpers.loadFixture(staked);
    await send(await gateway.stake(alice!, alice!.address, 5n * TOKEN, 12n * WEEK));
    await send(await gateway.extend(alice!.address, alice!.address, 14n * WEEK));
    expect(await codeOf(send(await gateway.withdraw(alice!.address, alice!.address, undefined)))).to.contain(
      "StakingLocked",
    );
    await time.increase(14n * WEEK);
    await send(await gateway.withdraw(alice!.address, alice!.address, 2n * TOKEN));
    await send(await gateway.withdraw(alice!.address, alice!.address, undefined));
    expect(await token.balanceOf(alice!)).to.equal(1000n * TOKEN);
    expect(await gateway.withdraw(alice!.address, alice!.address, undefined)).to.have.property("done");
    expect((await stakeStatus(gateway, alice!.address)).self).to.equal(undefined);
  });

  it("are slashed, contested, released in part, and burned by anybody", async () => {
    const { token, gateway } = await networkHelpers.loadFixture(staked);
    await send(await gateway.stake(alice!, alice!.address, 100n * TOKEN, 26n * WEEK));
    await send(await gateway.stake(bob!, alice!.address, 50n * TOKEN, 26n * WEEK), bob!);
    const targets = [
      { staker: alice!.address, stakee: alice!.address },
      { staker: bob!.address, stakee: alice!.address },
    ];
    expect(await gateway.hasRole("SLASHER_ROLE", slasher!.address)).to.equal(true);
    expect(await codeOf(send(await gateway.slash(targets, 50n, EVIDENCE), bob!))).not.to.equal("none");
    await send(await gateway.slash(targets.slice(0, 1), 50n, EVIDENCE), slasher!);
    await send(await gateway.slash(targets, 50n, EVIDENCE), slasher!); // leaves out what is slashed already
    expect(await gateway.slash(targets, 50n, EVIDENCE)).to.have.property("done");

    const [mine] = await gateway.openSlashes(alice!.address);
    expect(mine).to.include({ amount: 50n * TOKEN, state: "pending", evidence: EVIDENCE });
    expect(await gateway.openSlashes()).to.have.length(2);
    await send(await gateway.appeal(alice!.address, alice!.address, EVIDENCE, id("it was my sister")));
    expect(await gateway.appeal(alice!.address, alice!.address, EVIDENCE, id("again"))).to.have.property("done");
    await send(await gateway.release({ ...targets[0]!, evidence: EVIDENCE }, 30n * TOKEN), timelock!);
    expect((await stakeStatus(gateway, alice!.address)).slashes).to.have.length(1);
    expect(await gateway.burn()).to.deep.equal({ done: "nothing is due yet" });
    await time.increase(91 * DAY);
    await send(await gateway.burn(), carol!);
    expect(await token.balanceOf("0x000000000000000000000000000000000000dEaD")).to.equal(45n * TOKEN);
    expect(await gateway.burn()).to.deep.equal({ done: "nothing is slashed" });
    expect(await codeOf(gateway.release({ ...targets[0]!, evidence: EVIDENCE }, undefined))).to.equal(
      "staking/no-slash",
    );
    expect((await stakeStatus(gateway, alice!.address)).self).to.include({ amount: 80n * TOKEN, slashed: 0n });
  });

  it("give tiers: alone for the own stake, by people of evidence for the others", async () => {
    const { gateway } = await networkHelpers.loadFixture(staked);
    await send(await gateway.stake(alice!, alice!.address, 20n * TOKEN, 26n * WEEK));
    await send(await gateway.stake(bob!, alice!.address, 10n * TOKEN, 26n * WEEK), bob!);
    await send(await gateway.stake(carol!, alice!.address, 10n * TOKEN, 26n * WEEK), carol!);
    const status = await stakeStatus(gateway, alice!.address);
    expect(status.tiers).to.have.members(["SelfStakingBronze", "SelfStakingSilver"]);
    expect(status.tiersIfVouched).to.have.members(["BeginnerCommunityStaker", "ExperiencedCommunityStaker"]);

    const cost = { label: "medium", cents: 1000, needs: ["money"] } as const;
    const onlyBob = new StakeReader(gateway, () => Promise.resolve(new Set([bob!.address.toLowerCase()])));
    const request = { account: alice!.address, now: status.now, proofs: {} };
    const answer = async (tier: "BeginnerCommunityStaker" | "ExperiencedCommunityStaker") =>
      (await stakeTier(onlyBob, tier, cost).check(request)).status;
    expect(await answer("BeginnerCommunityStaker")).to.equal("eligible");
    expect(await answer("ExperiencedCommunityStaker")).to.equal("not_eligible");
  });
});
