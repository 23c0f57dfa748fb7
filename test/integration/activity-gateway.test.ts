import { expect } from "chai";
import { network } from "hardhat";

import { ActivityGateway } from "../../src/chain/activity-gateway.js";
import { DomainError } from "../../src/shared/errors.js";
import { Badges__factory } from "../../typechain-types/index.js";
import { deployByHand } from "../support/deploy-by-hand.js";
import { localPlan } from "../support/deployment-plan.js";
import { oneLeafList } from "../support/one-leaf-list.js";

const { ethers, networkHelpers } = await network.create();
const [deployer, voter, quiet] = await ethers.getSigners();
const { time } = networkHelpers;

/** The simulator answers for the middle of blocks that it mined at once with the state before them. */
async function mineSingly(blocks: number) {
  for (let block = 0; block < blocks; block++) await networkHelpers.mine();
}

describe("an account's history on a chain", () => {
  it("is read from plain JSON-RPC: age, transactions, gas, balances", async () => {
    const chain = new ActivityGateway(ethers.provider);
    expect(await chain.transactionCount(quiet!.address)).to.equal(0);
    expect(await chain.firstTransactionAt(quiet!.address)).to.equal(null);
    expect(await chain.gasSpent(quiet!.address)).to.equal(0n);
    await mineSingly(40);
    const before = await chain.nativeBalance(quiet!.address);
    const first = await (await quiet!.sendTransaction({ to: quiet!.address, value: 5n })).wait();
    const firstAt = (await first!.getBlock()).timestamp;
    await mineSingly(17);
    await ethers.provider.send("evm_setAutomine", [false]);
    const pending = await quiet!.sendTransaction({ to: quiet!.address });
    await voter!.sendTransaction({ to: quiet!.address }); // somebody else's, in the same block
    await networkHelpers.mine();
    await ethers.provider.send("evm_setAutomine", [true]);
    const second = await pending.wait();
    await mineSingly(5);
    await deployer!.sendTransaction({ to: quiet!.address, value: 7n }); // not its own
    expect(await chain.transactionCount(quiet!.address)).to.equal(2);
    expect(await chain.firstTransactionAt(quiet!.address)).to.equal(firstAt);
    expect(await chain.gasSpent(quiet!.address)).to.equal(first!.fee + second!.fee);
    expect(await chain.nativeBalance(quiet!.address)).to.equal(before - first!.fee - second!.fee + 7n);
  });

  it("is not guessed when there are more transactions than it may look at", async () => {
    const chain = new ActivityGateway(ethers.provider, { longestHistory: 0 });
    const error: unknown = await chain.gasSpent(deployer!.address).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(DomainError).with.property("code", "passport/history-too-long");
  });

  it("lists the tokens of a collection that the account still holds, each once", async () => {
    const badges = await new Badges__factory(voter!).deploy();
    const chain = new ActivityGateway(ethers.provider);
    const collection = await badges.getAddress();
    for (const id of [7n, 8n, 9n]) await badges.take(id);
    await badges.transferFrom(voter!, quiet!, 8n); // and back again
    await badges.connect(quiet!).transferFrom(quiet!, voter!, 8n);
    await badges.transferFrom(voter!, quiet!, 9n);
    await badges.take(10n);
    await badges.throwAway(10n);
    expect(await chain.ownedTokens(collection, voter!.address)).to.deep.equal([7n, 8n]);
    expect(await chain.ownedTokens(collection, quiet!.address)).to.deep.equal([9n]);
    expect(await chain.ownedTokens(collection, deployer!.address)).to.deep.equal([]);
  });

  it("counts a governor's votes once per proposal, and tokens", async () => {
    const plan = localPlan(await time.latest(), deployer!.address, oneLeafList(voter!.address));
    const { addresses, distributor, governor } = await deployByHand(deployer!, plan);
    await distributor.connect(voter!).claim(7, plan.distributed, voter!.address, []);
    await time.increase(1);
    const chain = new ActivityGateway(ethers.provider);
    expect(await chain.tokenBalance(addresses.token, voter!.address)).to.equal(plan.distributed);
    const call = [[quiet!.address], [0], ["0x"], "a vote"] as const;
    const proposal = await governor
      .connect(voter!)
      .propose.staticCall([...call[0]], [...call[1]], [...call[2]], call[3]);
    await governor.connect(voter!).propose([...call[0]], [...call[1]], [...call[2]], call[3]);
    await time.increase(plan.governor.votingDelay + 1);
    expect(await chain.votesCast(addresses.governor, voter!.address)).to.equal(0);
    await governor.connect(voter!).castVote(proposal, 1);
    expect(await chain.votesCast(addresses.governor, voter!.address)).to.equal(1);
    expect(await chain.votesCast(addresses.governor, quiet!.address)).to.equal(0);
  });
});
