import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { planPassport, type PassportPlan } from "../../src/chain/deployment/passport.js";
import { sendingAccount } from "../accounts.js";
import { laterStep } from "../deploy-step.js";
import { givenOrDeployed } from "../deployment.js";
import { printResult } from "../output.js";
import { buildRelease, PASSPORT_SOURCES } from "../protocol/build.js";
import { readParameters } from "../protocol/parameters.js";
import { run } from "../run.js";

interface DeployArguments {
  parameters: string | undefined;
  timelock: string | undefined;
  from: string | undefined;
  deploymentId: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const deploy: NewTaskActionFunction<DeployArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const { passport } = await readParameters(hre, connection.networkName, given.parameters);
    const { address: deployer } = await sendingAccount(connection, given.from);
    const { chainId, deploymentId } = await laterStep(hre, connection, given.deploymentId);
    const timelock = await givenOrDeployed(given.timelock, hre, connection, "Timelock", given.deploymentId);
    const plan = planPassport(passport, timelock, deployer);
    const announcement = [`${deployer} deploys to ${connection.networkName} (${chainId})`, ...describe(plan)];
    if (given.dryRun) {
      printResult(given.json, { dryRun: true, chainId, deployer, plan }, [
        ...announcement,
        "Dry run: nothing was sent.",
      ]);
      return;
    }
    if (!given.json) console.log(announcement.join("\n"));
    await buildRelease(hre, PASSPORT_SOURCES);
    const { default: Module, passportParameters } = await import("../../deploy/modules/Passport.js");
    const contracts = await connection.ignition.deploy(Module, {
      parameters: passportParameters(plan),
      defaultSender: deployer,
      deploymentId,
      displayUi: !given.json && process.stdout.isTTY,
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
