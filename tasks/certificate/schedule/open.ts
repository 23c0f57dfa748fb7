import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CertificateRegistryGateway } from "../../../src/chain/certificate-registry.js";
import { EraMarkersGateway } from "../../../src/chain/era-markers.js";
import { givenOrDeployed, type ChainConnection } from "../../deployment.js";
import { openGovernor } from "../../governance/open.js";

/** How long it takes at least until a call is made that is the Timelock's alone: nothing for itself, a vote for others. */
export async function decisionSeconds(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  given: { readonly governor: string | undefined; readonly deploymentId: string | undefined },
  { sender, timelock }: { readonly sender: string; readonly timelock: string },
): Promise<bigint> {
  if (sender === timelock) return 0n;
  return (await openGovernor(hre, connection, { ...given, fromBlock: undefined })).shortestDecision();
}

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
