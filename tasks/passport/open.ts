import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { PassportRegistryGateway } from "../../src/chain/passport-registry.js";
import { givenOrDeployed, type ChainConnection } from "../deployment.js";

export interface RegistryArguments {
  registry: string | undefined;
  deploymentId: string | undefined;
}

/** The registry that was named, or the deployed one. */
export async function openRegistry(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  { registry, deploymentId }: RegistryArguments,
): Promise<PassportRegistryGateway> {
  const address = await givenOrDeployed(registry, hre, connection, "PassportRegistry", deploymentId);
  return new PassportRegistryGateway(address, connection.ethers.provider);
}
