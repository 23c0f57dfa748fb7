import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { planPassport, type PassportPlan } from "../../src/chain/deployment/passport.js";
import { announce, openStep, type StepArguments } from "../deploy-step.js";
import { printResult } from "../output.js";
import { buildRelease, PASSPORT_SOURCES } from "../protocol/build.js";
import { run } from "../run.js";

interface DeployArguments extends StepArguments {
  timelock: string | undefined;
}

const deploy: NewTaskActionFunction<DeployArguments> = async (given, hre) =>
  run(async () => {
    const step = await openStep(hre, given);
    const { connection, deployer, chainId } = step;
    const timelock = await step.earlier(given.timelock, "Timelock");
    const plan = planPassport(step.parameters.passport, timelock, deployer);
    if (!announce(given, { chainId, deployer, plan }, [step.heading, ...describe(plan)])) return;
    await buildRelease(hre, PASSPORT_SOURCES);
    const { default: Module, passportParameters } = await import("../../deploy/modules/Passport.js");
    const contracts = await connection.ignition.deploy(Module, {
      parameters: passportParameters(plan),
      ...step.options,
    });
    const registry = await contracts.registry.getAddress();
    const decoder = await contracts.decoder.getAddress();
    const scorerId = (await contracts.decoder.getFunction("defaultScorer")()) as bigint;
    printResult(given.json, { chainId, deployer, registry, decoder, scorerId, plan }, [
      `registry  ${registry}`,
      `decoder   ${decoder}`,
      `scorer    ${scorerId}`,
    ]);
  });

const describe = (plan: PassportPlan): string[] =>
  Object.entries(plan).map(([name, value]) => `  ${name.padEnd(14)} ${value}`);

export default deploy;
