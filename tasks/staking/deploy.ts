import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { planStaking, type StakingPlan } from "../../src/chain/deployment/passport.js";
import { sendingAccount } from "../accounts.js";
import { laterStep } from "../deploy-step.js";
import { givenOrDeployed } from "../deployment.js";
import { printResult } from "../output.js";
import { buildRelease, STAKING_SOURCES } from "../protocol/build.js";
import { readParameters } from "../protocol/parameters.js";
import { run } from "../run.js";

interface DeployArguments {
  parameters: string | undefined;
  timelock: string | undefined;
  token: string | undefined;
  from: string | undefined;
  deploymentId: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const deploy: NewTaskActionFunction<DeployArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const { staking } = await readParameters(hre, connection.networkName, given.parameters);
    const { address: deployer } = await sendingAccount(connection, given.from);
    const { chainId, deploymentId } = await laterStep(hre, connection, given.deploymentId);
    const timelock = await givenOrDeployed(given.timelock, hre, connection, "Timelock", given.deploymentId);
    const token = await givenOrDeployed(given.token, hre, connection, "GovernanceToken", given.deploymentId);
    const plan = planStaking(staking, { timelock, token }, deployer);
    const announcement = [`${deployer} deploys to ${connection.networkName} (${chainId})`, ...describe(plan)];
    if (given.dryRun) {
      printResult(given.json, { dryRun: true, chainId, deployer, plan }, [
        ...announcement,
        "Dry run: nothing was sent.",
      ]);
      return;
    }
    if (!given.json) console.log(announcement.join("\n"));
    await buildRelease(hre, STAKING_SOURCES);
    const { default: Module, stakingParameters } = await import("../../deploy/modules/Staking.js");
    const contracts = await connection.ignition.deploy(Module, {
      parameters: stakingParameters(plan),
      defaultSender: deployer,
      deploymentId,
      displayUi: !given.json && process.stdout.isTTY,
    });
    const address = await contracts.staking.getAddress();
    printResult(given.json, { chainId, deployer, staking: address, plan }, [`staking  ${address}`]);
  });

const describe = (plan: StakingPlan): string[] =>
  Object.entries(plan).map(([name, value]) => `  ${name.padEnd(14)} ${value}`);

export default deploy;
