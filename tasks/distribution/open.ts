import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CampaignGateway } from "../../src/chain/campaign.js";
import type { OwnerCallContext } from "../../src/chain/owner-call.js";
import type { OwnerArguments } from "../declare.js";
import { givenOrDeployed, type ChainConnection } from "../deployment.js";
import { firstBlock, openGovernor } from "../governance/open.js";

export interface CampaignArguments {
  distributor: string | undefined;
  campaign: string | undefined;
  deploymentId: string | undefined;
}

/** The arguments of a task whose call only the distributor's owner may make. */
export type OwnedCampaignArguments = CampaignArguments & OwnerArguments;

/** The folder of a later campaign: named after the chain's deployment that it belongs to. */
export async function campaignId(
  connection: ChainConnection,
  { campaign, deploymentId }: Omit<CampaignArguments, "distributor">,
): Promise<string | undefined> {
  if (campaign === undefined) return deploymentId;
  const { chainId } = await connection.ethers.provider.getNetwork();
  return `${deploymentId ?? `chain-${chainId}`}-${campaign}`;
}

/** The named distributor, the named campaign's, or the launch distributor. */
export async function openCampaign(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  given: CampaignArguments,
): Promise<CampaignGateway> {
  const id = await campaignId(connection, given);
  const address = await givenOrDeployed(given.distributor, hre, connection, "TokenDistributor", id);
  // A distributor that was named may be older than the recorded deployment.
  const first = await firstBlock(hre, connection, given.distributor === undefined ? undefined : "0", id);
  return new CampaignGateway(address, connection.ethers.provider, first);
}

/** Who is asked when a call is the owner's. */
export async function ownerContext(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  campaign: CampaignGateway,
  given: OwnedCampaignArguments & { sender: string; summary: string },
): Promise<OwnerCallContext> {
  return {
    owner: await campaign.owner(),
    sender: given.sender,
    governor: () => openGovernor(hre, connection, { ...given, fromBlock: undefined }),
    propose: given.propose,
    description: given.description ?? `${given.summary} of the distributor ${campaign.address}`,
  };
}
