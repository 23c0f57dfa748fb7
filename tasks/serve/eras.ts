import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { deployedIfAny, type ChainConnection } from "../deployment.js";

/** The deployed era markers, for a node of the deployed registry; undefined for a node of another one. */
export async function deployedEras(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  registry: string,
  deploymentId: string | undefined,
): Promise<string | undefined> {
  const deployed = await deployedIfAny(hre, connection, "CertificateRegistry", deploymentId);
  if (deployed?.toLowerCase() !== registry.toLowerCase()) return undefined;
  return deployedIfAny(hre, connection, "EraMarkers", deploymentId);
}
