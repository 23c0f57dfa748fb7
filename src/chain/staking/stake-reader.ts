import type { CommunityStake, StakeGateway, StakePosition } from "../../passport/providers/stake-tiers.js";
import type { HeldStake, StakingGateway } from "./staking-gateway.js";

/** Stakes for the staking stamps; who has evidence of their own is the scorer's knowledge, not the chain's. */
export class StakeReader implements StakeGateway {
  readonly #staking: Pick<StakingGateway, "stakesAround">;
  readonly withIndependentEvidence: StakeGateway["withIndependentEvidence"];

  constructor(
    staking: Pick<StakingGateway, "stakesAround">,
    withIndependentEvidence: StakeGateway["withIndependentEvidence"],
  ) {
    this.#staking = staking;
    this.withIndependentEvidence = withIndependentEvidence;
  }

  async stakesOf(account: string): Promise<StakePosition> {
    return positionOf(account, await this.#staking.stakesAround(account));
  }
}

/** Stakes around an account, seen from the account: what is slashed does not count. */
export function positionOf(account: string, stakes: readonly HeldStake[]): StakePosition {
  const own = account.toLowerCase();
  const [self, given, received]: [HeldStake[], CommunityStake[], CommunityStake[]] = [[], [], []];
  for (const stake of stakes) {
    const { amount, unlockTime } = stake;
    if (amount === 0n) continue;
    const [staker, stakee] = [stake.staker.toLowerCase(), stake.stakee.toLowerCase()];
    if (staker === own && stakee === own) self.push(stake);
    else if (staker === own) given.push({ counterparty: stakee, amount, unlockTime });
    else if (stakee === own) received.push({ counterparty: staker, amount, unlockTime });
  }
  return { self: self.map(({ amount, unlockTime }) => ({ amount, unlockTime })), given, received };
}
