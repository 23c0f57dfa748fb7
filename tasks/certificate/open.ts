import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CertificateRegistryGateway } from "../../src/chain/certificate-registry.js";
import type { SendArguments } from "../declare.js";
import { givenOrDeployed, type ChainConnection } from "../deployment.js";
import { firstBlock } from "../governance/open.js";

export interface RegistryArguments {
  registry: string | undefined;
  deploymentId: string | undefined;
}

export type SendingArguments = RegistryArguments & SendArguments;

/** The registry that was named, or the deployed one. */
export async function openRegistry(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  { registry, deploymentId }: RegistryArguments,
): Promise<CertificateRegistryGateway> {
  const address = await givenOrDeployed(registry, hre, connection, "CertificateRegistry", deploymentId);
  const first = await firstBlock(hre, connection, registry === undefined ? undefined : "0", deploymentId);
  return new CertificateRegistryGateway(address, connection.ethers.provider, first);
}
