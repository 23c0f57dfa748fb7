import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { readRecord } from "../../src/chain/deployment/record.js";
import { GovernorGateway } from "../../src/chain/governor.js";
import { deploymentDirectory, givenOrDeployed, type ChainConnection } from "../deployment.js";
import { parseNumber } from "../options.js";

export interface GovernorArguments {
  governor: string | undefined;
  fromBlock: string | undefined;
  deploymentId: string | undefined;
}

/** The governor of the network's deployment, or the one that was named. */
export async function openGovernor(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  { governor, fromBlock, deploymentId }: GovernorArguments,
): Promise<GovernorGateway> {
  const address = await givenOrDeployed(governor, hre, connection, "TokenGovernor", deploymentId);
  const first = await firstBlock(hre, connection, fromBlock, deploymentId);
  return new GovernorGateway(address, connection.ethers.provider, first);
}

/** Where reading events starts: as asked, or where the recorded deployment began, or at the chain's beginning. */
export async function firstBlock(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  fromBlock: string | undefined,
  deploymentId: string | undefined,
): Promise<number> {
  if (fromBlock === undefined) {
    const directory = await deploymentDirectory(hre, connection, deploymentId);
    return (await readRecord(directory))?.fromBlock ?? 0;
  }
  return Number(parseNumber(fromBlock, "--from-block"));
}
