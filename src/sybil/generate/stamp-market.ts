// How common stamps are among people, and what forging them costs, for generated rounds. Every figure here is invented: plausible
// in its order of magnitude, measured nowhere, and no basis for a decision about real people.
import type { StampCost } from "../cost/stamp-costs.js";

/** One provider, or several of which the later ones ask for more of the same thing and are held only with the earlier. */
interface Ladder {
  readonly providers: readonly string[];
  /** Share of people of average activity that hold each. */
  readonly held: readonly number[];
  /** How much activity matters, on the log-odds scale: 0 for what has nothing to do with it. */
  readonly activity: number;
  /** What it shows: private people keep back accounts and social graphs, newcomers have no history. */
  readonly shows: "account" | "social" | "history" | "identity" | "stake" | "funding";
  /** Dollars to forge each, the earlier ones being there. */
  readonly price: readonly number[];
  /** As {@link StampCost.factors}. */
  readonly factors: readonly [number, number, number, number, number];
}

const FACTORS = {
  account: [-0.25, -0.1, -0.1, 0, 0.1],
  social: [0, 0, 0.1, 0.1, 0.25],
  history: [-0.1, -0.2, 0, 0, 0],
  identity: [0.1, 0.1, 0.25, 0.25, 0.1],
  stake: [0, -0.1, -0.25, 0, 0],
  funding: [0, -0.1, 0.1, 0, 0.1],
} as const satisfies Record<Ladder["shows"], Ladder["factors"]>;

const ladder = (
  shows: Ladder["shows"],
  activity: number,
  ...steps: readonly (readonly [provider: string, held: number, price: number])[]
): Ladder => ({
  providers: steps.map(([provider]) => provider),
  held: steps.map(([, held]) => held),
  price: steps.map(([, , price]) => price),
  activity,
  shows,
  factors: FACTORS[shows],
});

export const STAMP_MARKET: readonly Ladder[] = [
  ladder("account", 0.3, ["Google", 0.5, 1]),
  ladder("account", 0.4, ["Discord", 0.42, 1]),
  ladder("account", 0.3, ["X", 0.3, 6]),
  ladder("account", 0.3, ["Linkedin", 0.22, 9]),
  ladder("account", 0.1, ["HolonymPhone", 0.16, 4]),
  ladder(
    "account",
    0.5,
    ["githubContributionActivityGte#30", 0.16, 22],
    ["githubContributionActivityGte#60", 0.12, 12],
    ["githubContributionActivityGte#120", 0.08, 20],
  ),
  ladder("history", 1, ["Ens", 0.32, 7]),
  ladder("history", 1.2, ["ETHDaysActive#50", 0.34, 28]),
  ladder("history", 1.1, ["ETHGasSpent#0.25", 0.3, 90]),
  ladder("history", 1.2, ["ETHnumTransactions#100", 0.36, 30]),
  ladder("history", 1.3, ["ETHScore#50", 0.44, 38], ["ETHScore#75", 0.3, 30], ["ETHScore#90", 0.16, 60]),
  ladder("history", 0.9, ["NFT", 0.4, 3]),
  ladder("history", 1.2, ["NFTScore#50", 0.38, 34], ["NFTScore#75", 0.26, 25], ["NFTScore#90", 0.13, 50]),
  ladder("history", 0.8, ["ZkSyncEra", 0.26, 2]),
  ladder("history", 0.9, ["zkSyncScore#5", 0.3, 5], ["zkSyncScore#20", 0.2, 4], ["zkSyncScore#50", 0.11, 8]),
  ladder("history", 1, ["GnosisSafe", 0.06, 4]),
  ladder("history", 1, ["SnapshotProposalsProvider", 0.05, 8]),
  ladder("social", 0.8, ["Lens", 0.14, 10]),
  ladder("social", 0.7, ["GuildAdmin", 0.04, 6]),
  ladder("social", 0.4, ["TrustaLabs", 0.18, 4]),
  ladder("social", 0.2, ["Brightid", 0.07, 45]),
  ladder("social", 0.2, ["IdenaState#Newbie", 0.02, 35]),
  ladder("social", 0.2, ["IdenaState#Verified", 0.012, 60]),
  ladder("social", 0.2, ["IdenaState#Human", 0.009, 90]),
  ladder("identity", 0.1, ["CivicCaptchaPass", 0.26, 2]),
  ladder("identity", 0.1, ["CivicLivenessPass", 0.1, 40]),
  ladder("identity", 0.1, ["CivicUniquenessPass", 0.08, 60]),
  ladder("identity", 0.1, ["Biometrics", 0.12, 75]),
  ladder("identity", 0.1, ["HolonymGovIdProvider", 0.11, 130]),
  ladder("identity", 0.1, ["CleanHands", 0.07, 90]),
  ladder("identity", 0.3, ["BinanceBABT", 0.08, 70], ["BinanceBABT2", 0.05, 10]),
  ladder("identity", 0.2, ["CoinbaseDualVerification", 0.11, 110], ["CoinbaseDualVerification2", 0.07, 10]),
  ladder(
    "funding",
    1,
    ["GitcoinContributorStatistics#totalContributionAmountGte#10", 0.5, 12],
    ["GitcoinContributorStatistics#totalContributionAmountGte#100", 0.24, 95],
    ["GitcoinContributorStatistics#totalContributionAmountGte#1000", 0.03, 900],
  ),
  ladder("stake", 0.9, ["SelfStakingBronze", 0.16, 4], ["SelfStakingSilver", 0.07, 10], ["SelfStakingGold", 0.03, 60]),
];

/** Prices and factors of all stamps, in the order of the market. */
export const INVENTED_PRICES: readonly StampCost[] = [
  ...STAMP_MARKET,
  ladder("stake", 0, ["BeginnerCommunityStaker", 0, 5]),
  ladder("stake", 0, ["ExperiencedCommunityStaker", 0, 30]),
  ladder("stake", 0, ["TrustedCitizen", 0, 120]),
].flatMap(({ providers, price, factors }) =>
  providers.map((stamp, at): StampCost => ({ stamp, price: price[at] as number, factors })),
);

/** Stakes on one's own identity, in tokens, that the stamps of staking ask for. */
export const SELF_STAKES = [
  ["SelfStakingBronze", 5],
  ["SelfStakingSilver", 20],
  ["SelfStakingGold", 125],
] as const;

/** Stamps that vouching gives: from how many others, each with how many tokens. */
export const VOUCHED_STAMPS = [
  ["BeginnerCommunityStaker", 1, 5],
  ["ExperiencedCommunityStaker", 2, 10],
  ["TrustedCitizen", 5, 20],
] as const;
