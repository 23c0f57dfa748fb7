import { expect } from "chai";
import { Contract, ContractFactory, getCreateAddress } from "ethers";
import hre, { network } from "hardhat";

import ProtocolModule, { protocolParameters } from "../../deploy/modules/Protocol.js";
import { revivePlan } from "../../src/chain/deployment/plan.js";
import { verificationRequests } from "../../src/chain/deployment/verification.js";
import { toJson } from "../../src/shared/json.js";
import { localPlan } from "../support/deployment-plan.js";

/** Deploys, and says what an explorer would be told of it. */
async function deployAndDescribe() {
  const connection = await network.create();
  const [signer] = await connection.ethers.getSigners();
  const deployer = signer!.address;
  const plan = localPlan(await connection.networkHelpers.time.latest(), deployer);
  const { ethers } = connection;
  const contracts = await connection.ignition.deploy(ProtocolModule, { parameters: protocolParameters(plan) });
  const { timelock, vester, launch, token, distributor, governor } = contracts;
  const addresses = {
    timelock: await timelock.getAddress(),
    vester: await vester.getAddress(),
    launch: await launch.getAddress(),
    token: await token.getAddress(),
    distributor: await distributor.getAddress(),
    governor: await governor.getAddress(),
  };
  // As the task does it: from the record, in which the plan is JSON.
  const requests = verificationRequests(revivePlan(JSON.parse(toJson(plan))), deployer, addresses);
  return { ethers, addresses, requests };
}

describe("explorer verification", () => {
  it("says of each contract that the deployer created what its transaction says", async () => {
    const { ethers, requests } = await deployAndDescribe();
    const created = new Map<string, string>();
    for (let number = await ethers.provider.getBlockNumber(); number > 0; number--) {
      const block = await ethers.provider.getBlock(number, true);
      for (const transaction of block!.prefetchedTransactions) {
        if (transaction.to === null) created.set(getCreateAddress(transaction), transaction.data);
      }
    }
    const direct = requests.filter(({ address }) => created.has(address));
    expect(direct.map(({ contract }) => contract.split(":")[1])).to.deep.equal([
      "Timelock",
      "TreasuryVester",
      "TokenLaunch",
      "TokenGovernor",
    ]);
    for (const { contract, constructorArgs, address } of direct) {
      const { abi, bytecode } = await hre.artifacts.readArtifact(contract);
      const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(...constructorArgs);
      expect(data === created.get(address), contract).to.equal(true);
    }
  });

  it("says of token and distributor what creates the very same code from the launch's address", async () => {
    const { ethers, addresses, requests } = await deployAndDescribe();
    const other = await network.create();
    await other.networkHelpers.impersonateAccount(addresses.launch);
    await other.networkHelpers.setBalance(addresses.launch, 10n ** 18n);
    await other.networkHelpers.setNonce(addresses.launch, 1); // as a contract's is when its constructor runs
    const launch = await other.ethers.getSigner(addresses.launch);
    // Arguments that are kept in storage leave no trace in the code: they are read back.
    const { vester, timelock, distributor } = addresses;
    const holders = [vester, timelock, distributor].map((holder) => ["balanceOf", holder]);
    const stored = {
      [addresses.token]: [["name"], ["symbol"], ["minter"], ["mintingAllowedAfter"], ...holders],
      [distributor]: [["owner"], ["signer"], ["guardian"]],
    };
    for (const [address, getters] of Object.entries(stored)) {
      const { contract, constructorArgs } = requests.find((request) => request.address === address)!;
      const { abi, bytecode } = await hre.artifacts.readArtifact(contract);
      await (await new ContractFactory(abi, bytecode, launch).deploy(...constructorArgs)).waitForDeployment();
      const [twin, original] = [await other.ethers.provider.getCode(address), await ethers.provider.getCode(address)];
      expect(twin === original && twin !== "0x", contract).to.equal(true);
      for (const [getter, ...args] of getters) {
        const read = (chain: typeof ethers) => new Contract(address, abi, chain.provider).getFunction(getter!)(...args);
        expect(await read(other.ethers), getter).to.deep.equal(await read(ethers));
      }
    }
  });
});
