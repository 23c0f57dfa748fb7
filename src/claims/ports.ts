// What the claim service needs from the world. Each port is fulfilled by one adapter (src/database, src/chain, src/http)
// and by a fake in the tests.
import type { ClaimEvent, ClaimRecord } from "./claim-record.js";

export interface Suspension {
  readonly reason: string;
  /** "operator" with a name, or "breaker". */
  readonly by: string;
  /** Seconds since the epoch. */
  readonly since: number;
}

/** How much was issued in the breaker's current window. */
export interface IssuedWindow {
  /** Seconds since the epoch. */
  readonly startedAt: number;
  readonly claims: number;
  /** Wei. */
  readonly amount: bigint;
}

/** The users' state inside one transaction: nobody else changes it until the changes are written. */
export interface LedgerView {
  readonly suspension: Suspension | null;
  readonly issued: IssuedWindow;
  record(userId: number): ClaimRecord | undefined;
  boundAccount(userId: number): string | undefined;
  approvedAccount(userId: number): string | undefined;
}

/** What a transaction writes, all of it or nothing. Every change of state comes with the event that explains it. */
export interface LedgerChange {
  readonly records?: readonly ClaimRecord[];
  readonly bindings?: readonly { readonly userId: number; readonly account: string }[];
  /** `account` null removes an approval, because it was used. */
  readonly approvals?: readonly { readonly userId: number; readonly account: string | null }[];
  readonly suspension?: Suspension | null;
  readonly issued?: IssuedWindow;
  readonly events: readonly ClaimEvent[];
}

/** A block that the follower has processed; its hash tells whether the chain still contains it. */
export interface FollowedBlock {
  readonly number: number;
  readonly hash: string;
}

export interface FollowStep {
  readonly expected: FollowedBlock | undefined;
  /** Newest first. */
  readonly kept: readonly FollowedBlock[];
}

/** Claims that wait in a transaction, were included in block `includedFrom` or later, or whose deadline has passed. */
export interface UnsettledQuery {
  readonly includedFrom: number;
  /** Seconds since the epoch: issued claims with an earlier deadline. */
  readonly deadlineBefore: number;
}

/** The claims' store: state, history, and what the follower has seen. */
export interface ClaimLedger {
  /**
   * Runs `work` on the state of `userIds` in one serialised transaction, across all processes of a database. `work` is
   * synchronous, because many calls share one transaction; when it throws, nothing of its own is written.
   */
  transact<T>(userIds: readonly number[], work: (view: LedgerView) => { change?: LedgerChange; result: T }): Promise<T>;
  find(userId: number): Promise<ClaimRecord | undefined>;
  suspension(): Promise<Suspension | null>;
  /** The claims that a look at the chain may change: see {@link UnsettledQuery}. */
  unsettled(query: UnsettledQuery): Promise<ClaimRecord[]>;
  /** The newest followed blocks, newest first. */
  followedBlocks(): Promise<FollowedBlock[]>;
  /**
   * One step of the follower: like `transact`, and `step.kept` becomes the followed blocks in the same transaction. When
   * `step.expected` is no longer the newest, another process was faster: nothing is written and the answer is false.
   */
  follow(step: FollowStep, userIds: readonly number[], work: (view: LedgerView) => LedgerChange): Promise<boolean>;
}

export interface ChainHead {
  readonly number: number;
  readonly hash: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

/** What the distributor says of itself; changes are rare and followed block by block. */
export interface CampaignState {
  /** Seconds since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly pausedUntil: number;
  readonly signer: string;
}

export interface ClaimedEvent extends ChainTransactionPlace {
  readonly userId: number;
  readonly account: string;
  /** Wei. */
  readonly amount: bigint;
  readonly delegatee: string;
}

export interface ChainTransactionPlace {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
}

export interface ChainTransaction {
  readonly from: string;
  readonly nonce: number;
  /** The users whose claims it carries; null when it goes through another contract and cannot be read. */
  readonly userIds: readonly number[] | null;
  readonly fate: "pending" | "succeeded" | "failed";
}

/** Scores are in units of 1e-4. */
export type GateRefusal =
  | { readonly kind: "too-low"; readonly score: bigint; readonly minimum: bigint }
  /** Through a gate an account claims once. */
  | { readonly kind: "passed-before" };

/** Reads of the chain. Every method throws `claims/chain-unavailable` when no node answers. */
export interface ClaimChain {
  isClaimed(userId: number): Promise<boolean>;
  /** Why the distributor's gate would not let the account's signed claim through; undefined when it would, or there is none. */
  gateRefusal(account: string): Promise<GateRefusal | undefined>;
  /** ERC-1271: whether the contract at `account` accepts the signature. False where no contract is. */
  acceptsSignature(account: string, digest: string, signature: string): Promise<boolean>;
  transaction(hash: string): Promise<ChainTransaction | undefined>;
  /** How many transactions `account` has in the chain: every smaller nonce is spent. */
  spentNonces(account: string): Promise<number>;
  head(): Promise<ChainHead>;
  block(number: number): Promise<ChainHead | undefined>;
  claimedEvents(fromBlock: number, toBlock: number): Promise<ClaimedEvent[]>;
  campaign(): Promise<CampaignState>;
}

/** What the follower knows of the chain right now; `undefined` while it knows nothing recent. */
export interface ChainStatus {
  readonly head: ChainHead;
  /** Time of the newest block with enough confirmations, in seconds. */
  readonly settledTime: number;
  readonly campaign: CampaignState;
}

export interface Alert {
  readonly pattern:
    | "authentication-failures"
    | "amount-mismatch"
    | "conflict"
    | "rebinding-attempt"
    | "limit-crossed"
    | "suspended"
    | "signer-mismatch"
    | "unexpected-claim"
    | "reorganisation"
    | "chain-unavailable"
    | "chain-stalled"
    | "clock-skew";
  readonly severity: "warning" | "critical";
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** Tells people. Must neither throw nor block: an alert never fails a request. */
export interface Alerts {
  raise(alert: Alert): void;
}
