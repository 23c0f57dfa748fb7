import { id, type Signer, ZeroAddress } from "ethers";

import type { DeploymentPlan } from "../../src/chain/deployment/plan.js";
import {
  GovernanceToken__factory,
  type Timelock,
  Timelock__factory,
  TokenDistributor__factory,
  TokenGovernor__factory,
  TokenLaunch__factory,
  TreasuryVester__factory,
} from "../../typechain-types/index.js";

/** Where a deployment by hand departs from the right one. */
export interface Faults {
  readonly proposers?: string[];
  readonly executors?: string[];
  readonly minter?: string;
  readonly treasury?: string;
  readonly owner?: string;
  readonly beneficiary?: string;
  readonly tokensTo?: string;
  /** The Timelock that the governor believes in. */
  readonly governorTimelock?: string;
  readonly keepAdmin?: boolean;
  readonly withoutCanceller?: boolean;
  /** Done to the Timelock before the admin role is renounced. */
  readonly beforeHandover?: (timelock: Timelock) => Promise<unknown>;
}

/** Deploys the protocol contract by contract, as somebody could who bypasses the Ignition modules. */
export async function deployByHand(deployer: Signer & { address: string }, plan: DeploymentPlan, faults: Faults = {}) {
  const { proposers = [], executors = [ZeroAddress] } = faults;
  const timelock = await new Timelock__factory(deployer).deploy(
    plan.timelock.delay,
    proposers,
    executors,
    deployer.address,
  );
  const own = await timelock.getAddress();
  const { start, duration, cliff } = plan.vesting;
  const beneficiary = faults.beneficiary ?? own;
  const vester = await new TreasuryVester__factory(deployer).deploy(beneficiary, start, duration, cliff);
  const { name, symbol, mintingAllowedAfter } = plan.token;
  const allocations = [
    { account: await vester.getAddress(), amount: plan.vested },
    { account: faults.tokensTo ?? own, amount: plan.treasury },
  ];
  const token = { name, symbol, minter: faults.minter ?? own, mintingAllowedAfter, allocations };
  const { guardian, signer, signerKind, merkleRoot, listHash, start: opens, end, gate } = plan.distribution;
  const launch = await new TokenLaunch__factory(deployer).deploy(
    { ...token, distributed: plan.distributed },
    {
      ...{ token: ZeroAddress, treasury: faults.treasury ?? own, owner: faults.owner ?? own, guardian, signer },
      ...{ signerKind, launch: true, merkleRoot, listHash, start: opens, end, gate },
    },
  );
  const tokenAddress = await launch.token();
  const governed = faults.governorTimelock ?? own;
  const governor = await new TokenGovernor__factory(deployer).deploy(tokenAddress, governed, plan.governor);
  await timelock.grantRole(id("PROPOSER_ROLE"), governor);
  if (faults.withoutCanceller !== true) await timelock.grantRole(id("CANCELLER_ROLE"), governor);
  await faults.beforeHandover?.(timelock);
  if (faults.keepAdmin !== true) await timelock.renounceRole(await timelock.DEFAULT_ADMIN_ROLE(), deployer.address);
  const distributor = await launch.distributor();
  return {
    timelock,
    governor,
    token: GovernanceToken__factory.connect(tokenAddress, deployer),
    distributor: TokenDistributor__factory.connect(distributor, deployer),
    addresses: {
      timelock: own,
      token: tokenAddress,
      distributor,
      governor: await governor.getAddress(),
      vester: await vester.getAddress(),
    },
  };
}
