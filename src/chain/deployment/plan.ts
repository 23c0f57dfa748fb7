import { ZeroAddress } from "ethers";

import { formatUnits } from "../../shared/decimal.js";
import { DomainError } from "../../shared/errors.js";
import type { RatifiedList } from "./manifest.js";
import type { CampaignParameters, GateParameters, Moment, ProtocolParameters } from "./parameters.js";

/**
 * Everything that a deployment sends, as numbers: made once, before the first transaction, and kept beside the journal,
 * so that a resumed deployment sends the very same. Times are seconds since the epoch, amounts wei.
 */
export interface DeploymentPlan {
  readonly token: { readonly name: string; readonly symbol: string; readonly mintingAllowedAfter: number };
  readonly supply: bigint;
  /** The distributor's part: exactly the list's total. */
  readonly distributed: bigint;
  readonly vested: bigint;
  readonly treasury: bigint;
  readonly distribution: CampaignPlan;
  readonly governor: ProtocolParameters["governor"];
  readonly timelock: ProtocolParameters["timelock"];
  readonly vesting: { readonly start: number; readonly duration: number; readonly cliff: number };
}

/** One distribution: what `TokenDistributor` is made with, apart from token, owner and treasury. */
export interface CampaignPlan {
  readonly merkleRoot: string;
  readonly listHash: string;
  readonly count: number;
  readonly total: bigint;
  readonly start: number;
  readonly end: number;
  readonly signer: string;
  /** `SignerKind` in the contract: 0 a key, 1 a contract. */
  readonly signerKind: 0 | 1;
  /** The zero address for nobody. */
  readonly guardian: string;
  /** The zero address, "0" and 0 for no gate. */
  readonly gate: GateParameters;
}

/** How a distributor is told that unbound claims ask nothing of accounts. */
export const NO_GATE: GateParameters = { registry: ZeroAddress, scorerId: "0", minimum: 0 };

/** Where and when it is deployed. `now` is the chain's time: the newest block's, in seconds. */
export interface DeploymentContext {
  readonly now: number;
  readonly deployer: string;
}

/**
 * `deployment/supply-mismatch`: list, vester and treasury do not add up to the supply.
 * `deployment/bad-time`: a time lies where the contracts would refuse it.
 * `deployment/deployer-keeps-power`: the deployer was named as signer or guardian.
 */
export type PlanErrorCode = "deployment/supply-mismatch" | "deployment/bad-time" | "deployment/deployer-keeps-power";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Joins parameters and list, and refuses what the contracts or the hand-over would refuse later. */
export function planDeployment(
  parameters: ProtocolParameters,
  list: RatifiedList,
  context: DeploymentContext,
): DeploymentPlan {
  const { token, allocation, governor, timelock, vesting } = parameters;
  const distribution = planCampaign(parameters.distribution, list, context);
  const mintingAllowedAfter = resolve(token.mintingAllowedAfter, context);
  // The contract compares with its own block's time, which is later than the one known here.
  if (mintingAllowedAfter < context.now + DAY) {
    throw badTime("token.mintingAllowedAfter must lie at least a day ahead");
  }
  return {
    token: { name: token.name, symbol: token.symbol, mintingAllowedAfter },
    supply: token.supply,
    distributed: list.total,
    vested: allocation.vester,
    treasury: treasuryPart(parameters, list.total),
    distribution,
    governor,
    timelock,
    vesting: { start: resolve(vesting.start, context), duration: vesting.duration, cliff: vesting.cliff },
  };
}

/** The part of a plan that a later campaign has too. */
export function planCampaign(
  campaign: CampaignParameters,
  list: RatifiedList,
  context: DeploymentContext,
): CampaignPlan {
  const start = resolve(campaign.start, context);
  const end = start + campaign.duration;
  if (end < context.now + HOUR) throw badTime("the claim window must end at least an hour ahead");
  for (const [role, holder] of [["signer", campaign.signer] as const, ["guardian", campaign.guardian] as const]) {
    if (holder === context.deployer) {
      const message = `The deployer must keep nothing, but distribution.${role} is the deployer ${holder}.`;
      throw new DomainError("deployment/deployer-keeps-power", message, { role });
    }
  }
  return {
    merkleRoot: list.root,
    listHash: list.listHash,
    count: list.count,
    total: list.total,
    start,
    end,
    signer: campaign.signer,
    signerKind: campaign.signerKind === "key" ? 0 : 1,
    guardian: campaign.guardian ?? ZeroAddress,
    gate: campaign.gate ?? NO_GATE,
  };
}

function treasuryPart({ token, allocation }: ProtocolParameters, total: bigint): bigint {
  const left = token.supply - total - allocation.vester;
  const treasury = allocation.treasury === "rest" ? left : allocation.treasury;
  if (left < 0n || treasury !== left) {
    const given = total + allocation.vester + (allocation.treasury === "rest" ? 0n : allocation.treasury);
    const sum = `the list's ${formatUnits(total, 18)} with vester and treasury is ${formatUnits(given, 18)} tokens`;
    throw new DomainError(
      "deployment/supply-mismatch",
      `The parts do not add up: ${sum}, but the supply is ${formatUnits(token.supply, 18)}.`,
      { given, supply: token.supply },
    );
  }
  return treasury;
}

function resolve(moment: Moment, { now }: DeploymentContext): number {
  return "at" in moment ? moment.at : now + moment.afterDeployment;
}

function badTime(problem: string): DomainError<PlanErrorCode> {
  return new DomainError("deployment/bad-time", `A time cannot be used: ${problem}.`);
}

/** A plan from its JSON form, in which wei are text. */
export function revivePlan(written: unknown): DeploymentPlan {
  const plan = written as DeploymentPlan;
  return {
    ...plan,
    supply: BigInt(plan.supply),
    distributed: BigInt(plan.distributed),
    vested: BigInt(plan.vested),
    treasury: BigInt(plan.treasury),
    distribution: { ...plan.distribution, total: BigInt(plan.distribution.total) },
    governor: { ...plan.governor, proposalThreshold: BigInt(plan.governor.proposalThreshold) },
  };
}
