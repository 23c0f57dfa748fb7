import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { checkSameChain } from "../src/chain/deployment/record.js";
import { InvariantError } from "../src/shared/errors.js";
import { sendingAccount } from "./accounts.js";
import type { SendArguments } from "./declare.js";
import { deploymentDirectory, givenOrDeployed, journalDirectory } from "./deployment.js";
import { printResult } from "./output.js";
import { readParameters } from "./protocol/parameters.js";

/** What a task that deploys a step is given. */
export interface StepArguments extends SendArguments {
  parameters: string | undefined;
}

/** Where a step that follows `protocol deploy` goes: the same folder, so that everything is found by its name. */
export async function laterStep(hre: HardhatRuntimeEnvironment, connection: NetworkConnection, id: string | undefined) {
  const { provider } = connection.ethers;
  const [{ chainId }, genesis] = await Promise.all([provider.getNetwork(), provider.getBlock(0)]);
  if (!genesis?.hash) throw new InvariantError("a chain has a first block");
  const directory = await journalDirectory(hre, connection, id);
  await checkSameChain(directory, { chainId: Number(chainId), genesis: genesis.hash });
  return { chainId, deploymentId: path.basename(await deploymentDirectory(hre, connection, id)) };
}

/** A step with what it is deployed from, by whom, and to where. */
export async function openStep(hre: HardhatRuntimeEnvironment, given: StepArguments) {
  const connection = await hre.network.create();
  const parameters = await readParameters(hre, connection.networkName, given.parameters);
  const { address: deployer } = await sendingAccount(connection, given.from);
  const { chainId, deploymentId } = await laterStep(hre, connection, given.deploymentId);
  return {
    ...{ connection, parameters, deployer, chainId },
    /** An address option as it was typed, or that of an earlier step's contract. */
    earlier: (address: string | undefined, contractName: string) =>
      givenOrDeployed(address, hre, connection, contractName, given.deploymentId),
    heading: `${deployer} deploys to ${connection.networkName} (${chainId})`,
    /** How Ignition is to deploy it; it repeats itself line by line where nobody looks on. */
    options: { defaultSender: deployer, deploymentId, displayUi: !given.json && process.stdout.isTTY },
  };
}

/** Says what will be deployed; false where that is all, with `--dry-run`. */
export function announce({ dryRun, json }: SendArguments, facts: object, lines: readonly string[]): boolean {
  if (dryRun) printResult(json, { dryRun, ...facts }, [...lines, "Dry run: nothing was sent."]);
  else if (!json) console.log(lines.join("\n"));
  return !dryRun;
}
