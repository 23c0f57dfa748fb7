import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { planStaking, type StakingPlan } from "../../src/chain/deployment/passport.js";
import { announce, openStep, type StepArguments } from "../deploy-step.js";
import { printResult } from "../output.js";
import { buildRelease, STAKING_SOURCES } from "../protocol/build.js";
import { run } from "../run.js";

interface DeployArguments extends StepArguments {
  timelock: string | undefined;
  token: string | undefined;
}

const deploy: NewTaskActionFunction<DeployArguments> = async (given, hre) =>
  run(async () => {
    const step = await openStep(hre, given);
    const { connection, deployer, chainId } = step;
    const timelock = await step.earlier(given.timelock, "Timelock");
    const token = await step.earlier(given.token, "GovernanceToken");
    const plan = planStaking(step.parameters.staking, { timelock, token }, deployer);
    if (!announce(given, { chainId, deployer, plan }, [step.heading, ...describe(plan)])) return;
    await buildRelease(hre, STAKING_SOURCES);
    const { default: Module, stakingParameters } = await import("../../deploy/modules/Staking.js");
    const contracts = await connection.ignition.deploy(Module, {
      parameters: stakingParameters(plan),
      ...step.options,
    });
    const address = await contracts.staking.getAddress();
    printResult(given.json, { chainId, deployer, staking: address, plan }, [`staking  ${address}`]);
  });

const describe = (plan: StakingPlan): string[] =>
  Object.entries(plan).map(([name, value]) => `  ${name.padEnd(14)} ${value}`);

export default deploy;
