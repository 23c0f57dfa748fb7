// Tiers of identity stake. One mutual pair is one relation, not two, however often the two stake on each other; and a
// counterparty without evidence of its own vouches for nobody: two fresh accounts with some tokens are no community.
import { accountEvidence, eligible, notEligible, type CostEstimate, type StampProvider } from "./provider.js";

/** A lock as the staking contract holds it. Amounts in wei, `unlockTime` in seconds since the epoch. */
export interface Stake {
  readonly amount: bigint;
  readonly unlockTime: number;
}
export interface CommunityStake extends Stake {
  /** Lower-case address of the other side. */
  readonly counterparty: string;
}
export interface StakePosition {
  readonly self: readonly Stake[];
  readonly given: readonly CommunityStake[];
  readonly received: readonly CommunityStake[];
}

export interface StakeGateway {
  stakesOf(account: string): Promise<StakePosition>;
  /** Those of the accounts (lower-case) that hold a counted stamp which is no stake. */
  withIndependentEvidence(accounts: readonly string[]): Promise<ReadonlySet<string>>;
}

export type StakeTier =
  | "SelfStakingBronze"
  | "SelfStakingSilver"
  | "SelfStakingGold"
  | "BeginnerCommunityStaker"
  | "ExperiencedCommunityStaker"
  | "TrustedCitizen";

const TOKEN = 10n ** 18n;
const SELF: readonly (readonly [StakeTier, bigint])[] = [
  ["SelfStakingBronze", 5n * TOKEN],
  ["SelfStakingSilver", 20n * TOKEN],
  ["SelfStakingGold", 125n * TOKEN],
];

/** What stands locked between the account and each counterparty, in one direction. */
function byCounterparty(stakes: readonly CommunityStake[], account: string, now: number): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { counterparty, amount, unlockTime } of stakes) {
    if (unlockTime <= now || counterparty === account) continue;
    sums.set(counterparty, (sums.get(counterparty) ?? 0n) + amount);
  }
  return sums;
}

/**
 * The tiers that an account has reached. `vouching` are the counterparties with independent evidence; only locks that have
 * not ended at `now` count.
 */
export function stakeTiers(
  account: string,
  position: StakePosition,
  vouching: ReadonlySet<string>,
  now: number,
): ReadonlySet<StakeTier> {
  const own = account.toLowerCase();
  const self = position.self.reduce((sum, { amount, unlockTime }) => (unlockTime > now ? sum + amount : sum), 0n);
  const given = byCounterparty(position.given, own, now);
  const received = byCounterparty(position.received, own, now);
  const reaching = (minimum: bigint, ...directions: readonly ReadonlyMap<string, bigint>[]) =>
    new Set(
      directions.flatMap((sums) => [...sums].filter(([, sum]) => sum >= minimum).map(([counterparty]) => counterparty)),
    );
  const count = (counterparties: ReadonlySet<string>) =>
    [...counterparties].filter((other) => vouching.has(other)).length;
  const tiers = new Set<StakeTier>(SELF.filter(([, minimum]) => self >= minimum).map(([tier]) => tier));
  if (count(reaching(5n * TOKEN, given, received)) >= 1) tiers.add("BeginnerCommunityStaker");
  if (count(reaching(10n * TOKEN, given, received)) >= 2) tiers.add("ExperiencedCommunityStaker");
  if (count(reaching(20n * TOKEN, received)) >= 5) tiers.add("TrustedCitizen");
  return tiers;
}

const EVIDENCE: Readonly<Record<StakeTier, string>> = {
  SelfStakingBronze: "The account has locked at least 5 tokens on itself.",
  SelfStakingSilver: "The account has locked at least 20 tokens on itself.",
  SelfStakingGold: "The account has locked at least 125 tokens on itself.",
  BeginnerCommunityStaker: "At least 5 tokens are locked between the account and another person.",
  ExperiencedCommunityStaker: "At least 10 tokens each are locked between the account and two other people.",
  TrustedCitizen: "Five other people have each locked at least 20 tokens on the account.",
};

/** The provider of one tier. */
export function stakeTier(stakes: StakeGateway, tier: StakeTier, cost: CostEstimate): StampProvider {
  return {
    name: tier,
    title: tier.replace(/([a-z])([A-Z])/g, "$1 $2"),
    evidence: EVIDENCE[tier],
    group: "stake",
    cost,
    fungible: true,
    async check({ account, now }) {
      const position = await stakes.stakesOf(account);
      const others = [...new Set([...position.given, ...position.received].map(({ counterparty }) => counterparty))];
      const vouching = tier.startsWith("Self") ? new Set<string>() : await stakes.withIndependentEvidence(others);
      const reached = stakeTiers(account, position, vouching, now).has(tier);
      return reached ? eligible(accountEvidence(account)) : notEligible("the locked stake does not reach this tier");
    },
  };
}
