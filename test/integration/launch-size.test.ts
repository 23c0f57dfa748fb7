import { expect } from "chai";
import { ContractFactory } from "ethers";
import hre, { network } from "hardhat";

import { RELEASE_SOURCES } from "../../tasks/protocol/build.js";
import { exampleList, localPlan } from "../support/deployment-plan.js";

/** EIP-7825 (osaka): no transaction may ask for more gas. EIP-3860: nor may creation code be longer. EIP-170: nor code. */
const TRANSACTION_GAS_CAP = 16_777_216n;
const INITCODE_LIMIT = 49_152;
const CODE_LIMIT = 24_576;

const { ethers, networkHelpers } = await network.create();

/** Compiles as a deployment does, without touching the artifacts that other tests use. */
async function compileRelease(buildProfile: string) {
  const roots = RELEASE_SOURCES.map((source) => `${hre.config.paths.root}/${source}`);
  const jobs = await hre.solidity.getCompilationJobs(roots, { buildProfile, force: true, quiet: true });
  if (!jobs.success) throw new Error(jobs.formattedReason);
  const [job, ...others] = new Set(jobs.compilationJobsPerFile.values());
  if (job === undefined || others.length > 0) throw new Error("a release is one compilation");
  const { output } = await hre.solidity.runCompilationJob(job, { buildProfile, quiet: true });
  const contracts = output.contracts ?? {};
  const find = (name: string) =>
    Object.entries(contracts).find(([source]) => source.endsWith(`/${name}.sol`))![1][name]!;
  return { launch: find("TokenLaunch"), token: find("GovernanceToken"), distributor: find("TokenDistributor") };
}

for (const profile of ["default", "production"]) {
  describe(`TokenLaunch of the ${profile} profile`, function () {
    this.timeout(180_000);

    it("fits one transaction of osaka and the limits of code", async () => {
      const [deployer, treasury] = await ethers.getSigners();
      const { launch, token, distributor } = await compileRelease(profile);
      const plan = localPlan(await networkHelpers.time.latest(), deployer!.address);
      const { guardian, signer, signerKind, merkleRoot, listHash, start, end, gate } = plan.distribution;
      const powers = { treasury, owner: treasury, guardian, signer, signerKind, launch: true };
      const allocations = [
        { account: treasury, amount: plan.vested },
        { account: treasury, amount: plan.treasury },
      ];
      const { name, symbol, mintingAllowedAfter } = plan.token;
      const factory = new ContractFactory(launch.abi ?? [], launch.evm!.bytecode!.object, deployer);
      const transaction = await factory.getDeployTransaction(
        { name, symbol, minter: treasury, mintingAllowedAfter, allocations, distributed: exampleList.total },
        { ...powers, token: deployer!.address, merkleRoot, listHash, start, end, gate },
      );
      const receipt = await (await deployer!.sendTransaction({ ...transaction, gasLimit: TRANSACTION_GAS_CAP })).wait();
      expect(receipt!.gasUsed < TRANSACTION_GAS_CAP, `${receipt!.gasUsed} gas`).to.equal(true);
      expect((transaction.data!.length - 2) / 2).to.be.at.most(INITCODE_LIMIT);
      for (const contract of [token, distributor]) {
        expect(contract.evm!.deployedBytecode!.object.length / 2).to.be.at.most(CODE_LIMIT);
        // Otherwise neither an explorer nor `protocol inspect --code` would know what the launch created.
        expect(launch.evm!.bytecode!.object.includes(contract.evm!.bytecode!.object)).to.equal(true);
      }
    });
  });
}
