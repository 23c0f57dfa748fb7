import type { Claim } from "./typed-data.js";

/**
 * The life of a claim: issued -> broadcast -> confirmed, or expired. A re-organised chain takes a confirmed claim back to
 * broadcast (or issued), a dropped or failed transaction takes a broadcast one back to issued.
 */
export type ClaimStatus = "issued" | "broadcast" | "confirmed" | "expired";

/** Where the claim's event was seen on-chain. */
export interface Inclusion {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
}

/** A transaction that somebody says carries the claim; sender and nonce are known once a node has seen it. */
export interface ReportedTransaction {
  readonly hash: string;
  readonly from: string | null;
  readonly nonce: number | null;
  /** Seconds since the epoch. */
  readonly reportedAt: number;
}

/** What the service knows about one user's newest claim. */
export interface ClaimRecord extends Claim {
  /** Bound claims need no signature of ours; "observed" ones were first seen on-chain. */
  readonly kind: "signed" | "bound" | "observed";
  readonly status: ClaimStatus;
  readonly transaction: ReportedTransaction | null;
  /** Present as soon as the event is in a block; the status follows when the block is deep enough. */
  readonly inclusion: Inclusion | null;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
}

/** A fact for the audit log. Amounts are decimal strings, times seconds since the epoch. */
export interface ClaimEvent {
  readonly type:
    | "bound"
    | "rebound"
    | "rebinding-approved"
    | "issued"
    | "conflict-refused"
    | "broadcast"
    | "included"
    | "confirmed"
    | "reorganised"
    | "replaced"
    | "dropped"
    | "failed"
    | "expired"
    | "observed"
    | "suspended"
    | "resumed";
  readonly userId: number | null;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}
