import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CertificateRegistryGateway } from "../../../src/chain/certificate-registry.js";
import { EraMarkersGateway } from "../../../src/chain/era-markers.js";
import { givenOrDeployed, type ChainConnection } from "../../deployment.js";

export interface ErasArguments {
  eras: string | undefined;
  deploymentId: string | undefined;
}

/** The era markers that were named, or the deployed ones, with the registry whose epochs they mean. */
export async function openEraMarkers(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  { eras, deploymentId }: ErasArguments,
) {
  const address = await givenOrDeployed(eras, hre, connection, "EraMarkers", deploymentId);
  const { provider } = connection.ethers;
  const markers = new EraMarkersGateway(address, provider);
  // Its clock and its Timelock alone are asked for, no events.
  const registry = new CertificateRegistryGateway(await markers.registry(), provider, 0);
  return { markers, registry };
}
