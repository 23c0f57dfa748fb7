import { expect } from "chai";
import { network } from "hardhat";
import { id, ZeroAddress, ZeroHash } from "ethers";

import ProtocolModule, { protocolParameters } from "../../deploy/modules/Protocol.js";
import { localPlan, TOKEN } from "../support/deployment-plan.js";

const { ethers, ignition, networkHelpers } = await network.create();

async function deployProtocol() {
  const [deployer] = await ethers.getSigners();
  const plan = localPlan(await networkHelpers.time.latest(), deployer!.address);
  const contracts = await ignition.deploy(ProtocolModule, { parameters: protocolParameters(plan) });
  return { ...contracts, plan, deployer: deployer!.address };
}

describe("deployment", () => {
  it("deploy/roles-after-handover: the governor alone proposes and cancels, the deployer has nothing", async () => {
    const { timelock, governor, token, distributor, vester, deployer } =
      await networkHelpers.loadFixture(deployProtocol);
    const roles = ["PROPOSER_ROLE", "CANCELLER_ROLE"].map(id);
    for (const role of roles) {
      expect(await timelock.hasRole!(role, governor)).to.equal(true);
      expect(await timelock.hasRole!(role, deployer)).to.equal(false);
    }
    expect(await timelock.hasRole!(id("EXECUTOR_ROLE"), ZeroAddress)).to.equal(true);
    expect(await timelock.hasRole!(ZeroHash, timelock)).to.equal(true);
    expect(await timelock.hasRole!(ZeroHash, deployer)).to.equal(false);
    expect(await token.minter!()).to.equal(await timelock.getAddress());
    expect(await distributor.owner!()).to.equal(await timelock.getAddress());
    expect(await distributor.treasury!()).to.equal(await timelock.getAddress());
    expect(await vester.owner!()).to.equal(await timelock.getAddress());
    expect(await token.balanceOf!(deployer)).to.equal(0n);
  });

  it("gives the distributor the list's total and the rest to vester and Timelock", async () => {
    const { timelock, token, distributor, vester, plan } = await networkHelpers.loadFixture(deployProtocol);
    expect(await token.balanceOf!(distributor)).to.equal(plan.distribution.total);
    expect(await token.balanceOf!(vester)).to.equal(40_000_000n * TOKEN);
    expect(await token.balanceOf!(timelock)).to.equal(10_000_000n * TOKEN);
    expect(await token.totalSupply!()).to.equal(plan.supply);
  });
});
