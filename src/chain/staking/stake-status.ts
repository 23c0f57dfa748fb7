import { stakeTiers, type StakeTier } from "../../passport/providers/stake-tiers.js";
import { positionOf } from "./stake-reader.js";
import type { HeldStake, OpenSlash, StakingGateway, StakingToken } from "./staking-gateway.js";

/** An account's stakes as they stand. */
export interface StakeStatus {
  readonly account: string;
  readonly token: StakingToken;
  /** The chain's time, in seconds. */
  readonly now: number;
  readonly self: HeldStake | undefined;
  readonly given: readonly HeldStake[];
  readonly received: readonly HeldStake[];
  readonly slashes: readonly OpenSlash[];
  /** What the stakes reach whoever the others are. */
  readonly tiers: readonly StakeTier[];
  /** What they would reach besides, were every counterparty a person with evidence of its own; a scorer knows who is. */
  readonly tiersIfVouched: readonly StakeTier[];
}

export async function stakeStatus(
  staking: Pick<StakingGateway, "token" | "now" | "stakesAround" | "openSlashes">,
  account: string,
): Promise<StakeStatus> {
  const [token, now, stakes, slashes] = await Promise.all([
    staking.token(),
    staking.now(),
    staking.stakesAround(account),
    staking.openSlashes(account),
  ]);
  const standing = stakes.filter(({ amount, slashed }) => amount > 0n || slashed > 0n);
  const position = positionOf(account, standing);
  const others = new Set([...position.given, ...position.received].map(({ counterparty }) => counterparty));
  const alone = stakeTiers(account, position, new Set(), now);
  const vouched = stakeTiers(account, position, others, now);
  return {
    ...{ account, token, now, slashes },
    self: standing.find(({ staker, stakee }) => staker === account && stakee === account),
    given: standing.filter(({ staker, stakee }) => staker === account && stakee !== account),
    received: standing.filter(({ staker, stakee }) => staker !== account && stakee === account),
    tiers: [...alone],
    tiersIfVouched: [...vouched].filter((tier) => !alone.has(tier)),
  };
}
