import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { checkSameChain } from "../src/chain/deployment/record.js";
import { InvariantError } from "../src/shared/errors.js";
import { deploymentDirectory, journalDirectory } from "./deployment.js";

/** Where a step that follows `protocol deploy` goes: the same folder, so that everything is found by its name. */
export async function laterStep(hre: HardhatRuntimeEnvironment, connection: NetworkConnection, id: string | undefined) {
  const { provider } = connection.ethers;
  const [{ chainId }, genesis] = await Promise.all([provider.getNetwork(), provider.getBlock(0)]);
  if (!genesis?.hash) throw new InvariantError("a chain has a first block");
  const directory = await journalDirectory(hre, connection, id);
  await checkSameChain(directory, { chainId: Number(chainId), genesis: genesis.hash });
  return { chainId, deploymentId: path.basename(await deploymentDirectory(hre, connection, id)) };
}
