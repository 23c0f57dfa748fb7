import { ZeroAddress } from "ethers";

import type { DeploymentPlan } from "./plan.js";

/** What an explorer needs to verify one contract's source. */
export interface VerificationRequest {
  readonly address: string;
  /** Source file and name, as the compiler knows them. */
  readonly contract: string;
  readonly constructorArgs: readonly unknown[];
}

export interface DeployedAddresses {
  readonly timelock: string;
  readonly vester: string;
  readonly launch: string;
  readonly token: string;
  readonly distributor: string;
  readonly governor: string;
}

/**
 * The constructor arguments of every contract of a deployment, those included that TokenLaunch created: explorers cannot
 * read these from a transaction of the deployer's.
 */
export function verificationRequests(
  plan: DeploymentPlan,
  deployer: string,
  addresses: DeployedAddresses,
): VerificationRequest[] {
  const { timelock, vester, launch, token, distributor, governor } = addresses;
  const { name, symbol, mintingAllowedAfter } = plan.token;
  const { guardian, signer, signerKind, merkleRoot, listHash, start, end, gate } = plan.distribution;
  const allocations = [
    { account: vester, amount: plan.vested },
    { account: timelock, amount: plan.treasury },
  ];
  const funded = { account: distributor, amount: plan.distributed };
  const powers = { treasury: timelock, owner: timelock, guardian, signer, signerKind, launch: true };
  const campaign = { ...powers, merkleRoot, listHash, start, end, gate };
  const configuration = { name, symbol, minter: timelock, mintingAllowedAfter, allocations };
  const vesting = [plan.vesting.start, plan.vesting.duration, plan.vesting.cliff];
  return [
    request("governance/Timelock", timelock, [plan.timelock.delay, [], [ZeroAddress], deployer]),
    request("token/TreasuryVester", vester, [timelock, ...vesting]),
    request("distributor/TokenLaunch", launch, [
      { ...configuration, distributed: plan.distributed },
      { ...campaign, token: ZeroAddress },
    ]),
    request("token/GovernanceToken", token, [
      ...[name, symbol, timelock, mintingAllowedAfter, distributor],
      [funded, ...allocations],
    ]),
    request("distributor/TokenDistributor", distributor, [{ ...campaign, token }]),
    request("governance/TokenGovernor", governor, [token, timelock, plan.governor]),
  ];
}

/** A request about `contracts/<path>.sol`. */
export function request(path: string, address: string, constructorArgs: unknown[]): VerificationRequest {
  const name = path.split("/")[1]!;
  return { address, contract: `contracts/${path}.sol:${name}`, constructorArgs };
}
