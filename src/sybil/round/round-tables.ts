// A round as the analysis reads it: one folder of tables beside a `round.json`, or the same out of the passport database.
import type { Round } from "../../funding/round.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";
import type { InfluenceScale } from "../../funding/influence.js";

/** What is known of an account besides its donations and stamps; nothing of it has to be known. */
export interface RoundAccount {
  readonly donor: string;
  /** The name that it goes by on the platform; undefined where it has none. */
  readonly name: string | undefined;
  /** Seconds since 1970 of the first sign of the account on a chain. */
  readonly created: number | undefined;
  /** Transactions sent on a chain. */
  readonly transactions: number | undefined;
  /** Tokens staked on the account's identity, in whole tokens. */
  readonly stake: number | undefined;
  /** The account that sent the first funds; addresses and other ids are opaque here. */
  readonly funder: string | undefined;
  /** Opaque ids of the origins (network addresses, devices) that the account was seen on; empty where nobody looked. */
  readonly origins: readonly string[];
  /** Whether the account owns a project of the round; undefined where that is unknown. */
  readonly owner: boolean | undefined;
}

export type HumanVerdict = "human" | "sybil" | "unsure";

/** What a person who looked at an account says of it. */
export interface HumanLabel {
  readonly donor: string;
  readonly rater: string;
  readonly verdict: HumanVerdict;
}

/** `staker` vouches for `donor` with a stake: of an identity staking contract, or of a social graph. */
export interface Vouch {
  readonly staker: string;
  readonly donor: string;
  readonly amount: number;
}

/** How the round is paid, and what its analysis is to decide. */
export interface RoundSettings {
  readonly name: string;
  /** Seconds since 1970 at which the round closed: ages of accounts and validity of stamps count at it. */
  readonly closedAt: number;
  /** The matching pool, in the donations' units. */
  readonly pool: number;
  /** A project's largest share of the pool; 1 caps nothing. */
  readonly cap: number;
  readonly scale: InfluenceScale;
  readonly tax: { readonly k: number; readonly cap: number };
  /** From this probability on an account is flagged. */
  readonly flagFrom: number;
}

/** Everything that one analysis reads. */
export interface RoundTables {
  readonly settings: RoundSettings;
  readonly donations: Round;
  /** One for each donor of the donations, in their order. */
  readonly accounts: readonly RoundAccount[];
  /** Providers of the stamps that each donor held when the round closed, in the order of the donors. */
  readonly stamps: readonly ReadonlySet<string>[];
  /** The rules that gave out passport scores in the round; undefined where there was no passport. */
  readonly rules: ScorerRules | undefined;
  /** Dollars that forging each stamp costs; empty where no prices are known. */
  readonly prices: ReadonlyMap<string, number>;
  readonly labels: readonly HumanLabel[];
  readonly vouches: readonly Vouch[];
}
