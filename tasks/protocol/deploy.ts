import path from "node:path";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { planDeployment, type DeploymentPlan } from "../../src/chain/deployment/plan.js";
import { gateWarnings } from "../../src/chain/gate-warnings.js";
import { startDeployment } from "../../src/chain/deployment/start.js";
import { formatUnits } from "../../src/shared/decimal.js";
import { sendingAccount } from "../accounts.js";
import type { SendArguments } from "../declare.js";
import { announce } from "../deploy-step.js";
import { deploymentDirectory, journalDirectory } from "../deployment.js";
import { required } from "../options.js";
import { isoTime, printResult } from "../output.js";
import { run } from "../run.js";
import { buildRelease } from "./build.js";
import { readList } from "../files.js";
import { readParameters } from "./parameters.js";

export interface DeployArguments extends SendArguments {
  list: string | undefined;
  parameters: string | undefined;
}

const deploy: NewTaskActionFunction<DeployArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const parameters = await readParameters(hre, connection.networkName, given.parameters);
    const list = await readList(required(given.list, "--list"));
    const { address: deployer } = await sendingAccount(connection, given.from);
    const directory = await journalDirectory(hre, connection, given.deploymentId);
    const start = await startDeployment(connection.ethers.provider, deployer, directory);
    const plan = planDeployment(parameters, list, start.context);
    const warnings = await gateWarnings(connection.ethers.provider, plan.distribution.gate);
    const announcement = [
      `${deployer} deploys to ${connection.networkName} (${start.chainId})`,
      ...describe(plan),
      ...warnings.map((warning) => `  warning: ${warning}`),
    ];
    if (!announce(given, { chainId: start.chainId, deployer, plan, warnings }, announcement)) return;
    await buildRelease(hre);
    await start.keep(plan);
    const { default: Protocol, protocolParameters } = await import("../../deploy/modules/Protocol.js");
    const contracts = await connection.ignition.deploy(Protocol, {
      parameters: protocolParameters(plan),
      defaultSender: deployer,
      deploymentId: path.basename(await deploymentDirectory(hre, connection, given.deploymentId)),
      displayUi: !given.json && process.stdout.isTTY, // elsewhere it repeats itself line by line
    });
    const addresses = Object.fromEntries(
      await Promise.all(Object.entries(contracts).map(async ([name, at]) => [name, await at.getAddress()] as const)),
    );
    const lines = Object.entries(addresses).map(([name, address]) => `${name.padEnd(12)} ${address}`);
    printResult(given.json, { chainId: start.chainId, deployer, addresses, plan }, lines);
  });

function describe(plan: DeploymentPlan): string[] {
  const { token, distribution } = plan;
  const amount = (wei: bigint) => `${formatUnits(wei, 18)} ${token.symbol}`;
  return [
    `  supply       ${amount(plan.supply)}`,
    `  distributor  ${amount(plan.distributed)} for ${distribution.count} people, list ${distribution.listHash}`,
    `  vester       ${amount(plan.vested)}`,
    `  treasury     ${amount(plan.treasury)}`,
    `  claims       ${isoTime(distribution.start)} to ${isoTime(distribution.end)}, signer ${distribution.signer}`,
  ];
}

export default deploy;
