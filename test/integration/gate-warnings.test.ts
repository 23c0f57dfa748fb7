import { expect } from "chai";
import { network } from "hardhat";

import { gateWarnings } from "../../src/chain/gate-warnings.js";
import { inspectGate } from "../../src/chain/inspection/holdings.js";
import { HumansOnly__factory, PassportRegistry__factory } from "../../typechain-types/index.js";

const { ethers } = await network.create();
const { provider } = ethers;
const [deployer, operator] = await ethers.getSigners();
if (!deployer || !operator) throw new Error("the chain has too few accounts");

describe("what is said of a gate before it is for ever", () => {
  let registry: string;
  let another: string;
  before(async () => {
    const deployed = await new PassportRegistry__factory(deployer).deploy(deployer);
    registry = await deployed.getAddress();
    await deployed.createScorer(deployer, operator, 0, { maxRootAge: 3, maxLifetime: 86_400, minRootInterval: 3_600 });
    another = await (await new HumansOnly__factory(deployer).deploy(registry, 1n)).getAddress();
  });

  const warningOf = async (address: string, scorerId: bigint) => {
    const warnings = await gateWarnings(provider, { registry: address, scorerId, minimum: 200_000n });
    expect(warnings).to.have.length(1);
    return warnings[0];
  };

  it("gate/wrong-scorer-is-said: names a scorer that nobody made, and one without a root", async () => {
    expect(await warningOf(registry, 9n)).to.match(/has no scorer 9/);
    expect(await warningOf(registry, 1n)).to.match(/Scorer 1 has no root yet/);
    const gate = { registry, scorerId: 9n, minimum: 200_000n };
    expect(await inspectGate(provider, gate)).to.have.nested.property("[0].ok", false);
  });

  it("says so when there is no contract, or another one", async () => {
    expect(await warningOf(operator.address, 1n)).to.match(/no contract/);
    expect(await warningOf(another, 1n)).to.match(/no registry of ours/);
  });

  it("has nothing to say where there is no gate", async () => {
    expect(await gateWarnings(provider, null)).to.deep.equal([]);
    expect(await inspectGate(provider, undefined)).to.deep.equal([]);
  });
});
