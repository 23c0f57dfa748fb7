import { ZeroAddress } from "ethers";

import { DomainError } from "../../shared/errors.js";
import type { ParametersErrorCode, PassportParameters, StakingParameters } from "./parameters.js";
import type { PlanErrorCode } from "./plan.js";

/** What `Passport` is deployed with, as numbers; nothing in it depends on the time, so a rerun sends the very same. */
export interface PassportPlan {
  readonly timelock: string;
  readonly manager: string;
  readonly operator: string;
  /** `AuthorityKind` in the contract: 0 a key, 1 a contract. */
  readonly operatorKind: 0 | 1;
  readonly maxRootAge: number;
  readonly maxLifetime: number;
  readonly minRootInterval: number;
}

/** What `IdentityStaking` is made with. The zero address for nobody. */
export interface StakingPlan {
  readonly token: string;
  readonly admin: string;
  readonly slasher: string;
  readonly releaser: string;
  readonly pauser: string;
  readonly burnRecipient: string;
  readonly appealWindow: number;
}

/** Refuses a deployer who would keep power over scores (`deployment/deployer-keeps-power`). */
export function planPassport(parameters: PassportParameters | null, timelock: string, deployer: string): PassportPlan {
  if (parameters === null) throw missing("passport", "is missing");
  const { operator, operatorKind, manager, maxRootAge, maxLifetime, minRootInterval } = parameters;
  if (operator === null) throw missing("passport.operator", "must be set");
  refuseDeployer(deployer, { "passport.operator": operator, "passport.manager": manager });
  return {
    timelock,
    manager: manager ?? timelock,
    operator,
    operatorKind: operatorKind === "key" ? 0 : 1,
    maxRootAge,
    maxLifetime,
    minRootInterval,
  };
}

/** Refuses a deployer who would keep power over stakes (`deployment/deployer-keeps-power`). */
export function planStaking(
  parameters: StakingParameters | null,
  addresses: { readonly timelock: string; readonly token: string },
  deployer: string,
): StakingPlan {
  if (parameters === null) throw missing("staking", "is missing");
  const { slasher, releaser, pauser, burnRecipient, appealWindow } = parameters;
  const powers = { "staking.slasher": slasher, "staking.releaser": releaser, "staking.pauser": pauser };
  refuseDeployer(deployer, powers);
  return {
    token: addresses.token,
    admin: addresses.timelock,
    slasher: slasher ?? ZeroAddress,
    releaser: releaser ?? addresses.timelock,
    pauser: pauser ?? ZeroAddress,
    burnRecipient,
    appealWindow,
  };
}

function missing(field: string, problem: string): DomainError<ParametersErrorCode> {
  return new DomainError("deployment/bad-parameters", `Parameter ${field} ${problem}.`, { field });
}

function refuseDeployer(deployer: string, powers: Readonly<Record<string, string | null>>): void {
  for (const [role, holder] of Object.entries(powers)) {
    if (holder !== deployer) continue;
    const message = `The deployer must keep nothing, but ${role} is the deployer ${holder}.`;
    throw new DomainError<PlanErrorCode>("deployment/deployer-keeps-power", message, { role });
  }
}
