// The two systems under comparison, behind one shape: ours as it is launched, and what one composes from OpenZeppelin
// and Solady. Both take the same claims over the same trees.
import type { HDNodeWallet, Wallet, Signer } from "ethers";

import {
  CompositeDistributor__factory,
  PlainVotesToken__factory,
  TokenDistributor__factory,
  TokenLaunch__factory,
  type ITokenDistributor,
} from "../../../typechain-types/index.js";
import { NO_GATE } from "../../../src/chain/deployment/plan.js";

export interface System {
  readonly distributor: ITokenDistributor;
  /** Makes `steward` a delegate with a checkpoint and a token of its own. */
  prepareSteward(steward: Wallet | HDNodeWallet): Promise<void>;
}

export interface Campaign {
  readonly deployer: Signer;
  readonly signer: string;
  readonly root: string;
  readonly total: bigint;
  readonly start: number;
  readonly end: number;
  readonly stewards: readonly string[];
}

const TOKEN = 10n ** 18n;

export async function deployTouchstone(campaign: Campaign): Promise<System> {
  const { deployer, signer, root, total, start, end, stewards } = campaign;
  const owner = await deployer.getAddress();
  const launch = await new TokenLaunch__factory(deployer).deploy(
    {
      name: "Touchstone",
      symbol: "TST",
      minter: owner,
      mintingAllowedAfter: end,
      allocations: stewards.map((account) => ({ account, amount: TOKEN })),
      distributed: total,
    },
    {
      token: owner, // filled in by the launch
      treasury: owner,
      owner,
      guardian: owner,
      signer,
      signerKind: 0,
      launch: true,
      merkleRoot: root,
      listHash: root,
      start,
      end,
      gate: NO_GATE,
    },
  );
  await launch.waitForDeployment();
  const token = PlainVotesToken__factory.connect(await launch.token(), deployer);
  return {
    distributor: TokenDistributor__factory.connect(await launch.distributor(), deployer),
    async prepareSteward(steward) {
      await (await token.connect(steward).delegate(steward.address)).wait();
    },
  };
}

export async function deployComposite(campaign: Campaign): Promise<System> {
  const { deployer, signer, root, total, start, end, stewards } = campaign;
  const supply = total + TOKEN * BigInt(stewards.length);
  const token = await new PlainVotesToken__factory(deployer).deploy(await deployer.getAddress(), supply);
  const distributor = await new CompositeDistributor__factory(deployer).deploy(
    await token.getAddress(),
    signer,
    root,
    start,
    end,
  );
  await (await token.setDistributor(await distributor.getAddress())).wait();
  await (await token.transfer(await distributor.getAddress(), total)).wait();
  for (const steward of stewards) await (await token.transfer(steward, TOKEN)).wait();
  return {
    distributor: TokenDistributor__factory.connect(await distributor.getAddress(), deployer),
    async prepareSteward(steward) {
      await (await token.connect(steward).delegate(steward.address)).wait();
    },
  };
}
