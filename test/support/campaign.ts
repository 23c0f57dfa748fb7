import type { JsonRpcProvider } from "ethers";
import { type Signer } from "ethers";

import type { AllocationBook } from "../../src/merkle/allocation.js";
import { TokenDistributor__factory, TokenLaunch__factory, type TokenDistributor } from "../../typechain-types/index.js";
import { GovernanceToken__factory, type GovernanceToken } from "../../typechain-types/index.js";
import type { GateParameters } from "../../src/chain/deployment/parameters.js";
import { NO_GATE } from "../../src/chain/deployment/plan.js";

export interface Campaign {
  readonly token: GovernanceToken;
  readonly distributor: TokenDistributor;
  readonly address: string;
  readonly chainId: bigint;
}

export interface CampaignOptions {
  readonly signer: string;
  /** Seconds from the newest block. */
  readonly startsIn?: number;
  readonly lasts?: number;
  /** What signed claims ask of accounts; nothing unless told. */
  readonly gate?: GateParameters;
}

const DAY = 86_400;

/** Deploys token and launch distributor for a list; the deployer owns both. */
export async function deployCampaign(
  deployer: Signer,
  book: AllocationBook,
  { signer, startsIn = -1, lasts = 30 * DAY, gate = NO_GATE }: CampaignOptions,
): Promise<Campaign> {
  const owner = await deployer.getAddress();
  const provider = deployer.provider as JsonRpcProvider;
  const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
  const start = now + startsIn;
  const launch = await new TokenLaunch__factory(deployer).deploy(
    {
      name: "Touchstone",
      symbol: "TST",
      minter: owner,
      mintingAllowedAfter: now + 365 * DAY,
      allocations: [],
      distributed: book.total,
    },
    {
      token: owner,
      treasury: owner,
      owner,
      guardian: owner,
      signer,
      signerKind: 0,
      launch: true,
      merkleRoot: book.root,
      listHash: book.listHash,
      start,
      end: start + lasts,
      gate,
    },
  );
  await launch.waitForDeployment();
  const address = await launch.distributor();
  const { chainId } = await provider.getNetwork();
  return {
    token: GovernanceToken__factory.connect(await launch.token(), deployer),
    distributor: TokenDistributor__factory.connect(address, deployer),
    address,
    chainId,
  };
}
