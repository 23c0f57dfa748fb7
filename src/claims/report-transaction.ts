import { ZeroAddress } from "ethers";

import type { Allocation } from "../merkle/allocation.js";
import type { ClaimEvent, ClaimRecord } from "./claim-record.js";
import { ClaimError } from "./errors.js";
import type { ChainTransaction, LedgerChange, LedgerView } from "./ports.js";

export interface TransactionReport {
  readonly hash: string;
  /** What the node knows of it; undefined when it has not heard of it. */
  readonly seen: ChainTransaction | undefined;
  /** Our clock, in seconds. */
  readonly at: number;
}

export type ReportOutcome =
  | { readonly kind: "recorded"; readonly record: ClaimRecord }
  | { readonly kind: "refused"; readonly error: ClaimError };

/**
 * Takes a reported transaction into the claim's record. A second transaction is believed when it replaces the first
 * (same sender and nonce), or when no node knows the first.
 */
export function reportTransaction(
  view: LedgerView,
  allocation: Allocation,
  { hash, seen, at }: TransactionReport,
): { change?: LedgerChange; result: ReportOutcome } {
  const { userId } = allocation;
  const record = view.record(userId) ?? boundRecord(allocation, at);
  if (record === undefined) {
    return refuse(new ClaimError("claims/not-found", `No claim was given to user ${userId}`, { userId }));
  }
  if (record.status === "expired") {
    const message = `The claim of user ${userId} has expired`;
    return refuse(new ClaimError("claims/expired", message, { userId, deadline: Number(record.deadline) }));
  }
  const known = record.transaction;
  if (record.status === "confirmed" || record.inclusion !== null || known?.hash === hash) {
    return { result: { kind: "recorded", record } };
  }
  if (known !== null && record.status === "broadcast" && known.from !== null) {
    if (seen === undefined || seen.from !== known.from || seen.nonce !== known.nonce) {
      const message = `The claim of user ${userId} is pending in transaction ${known.hash}`;
      return refuse(new ClaimError("claims/transaction-conflict", message, { userId, transaction: known.hash }));
    }
  }
  const transaction = { hash, from: seen?.from ?? null, nonce: seen?.nonce ?? null, reportedAt: at };
  const next: ClaimRecord = { ...record, status: "broadcast", transaction };
  const replaces = record.status === "broadcast" && known !== null;
  const event: ClaimEvent = {
    type: replaces ? "replaced" : "broadcast",
    userId,
    at,
    data: { transaction: hash, from: transaction.from, nonce: transaction.nonce, previous: known?.hash ?? null },
  };
  return { change: { records: [next], events: [event] }, result: { kind: "recorded", record: next } };
}

/** The window's end is the contract's affair: the largest `uint40`. */
const NO_DEADLINE = 2n ** 40n - 1n;

/** Bound claims are sent without asking us, so their record begins with the report. */
function boundRecord({ userId, account, amount }: Allocation, at: number): ClaimRecord | undefined {
  if (account === null) return undefined;
  return {
    userId,
    kind: "bound",
    status: "issued",
    account,
    amount,
    delegatee: ZeroAddress,
    submitter: account,
    deadline: NO_DEADLINE,
    issuedAt: at,
    transaction: null,
    inclusion: null,
  };
}

function refuse(error: ClaimError): { result: ReportOutcome } {
  return { result: { kind: "refused", error } };
}
