import type { ClaimEvent, ClaimRecord } from "./claim-record.js";
import type { ChainTransaction, ClaimedEvent } from "./ports.js";

/** What one look at the chain found out about one user's claim. */
export interface ClaimSighting {
  /** The claim's event in the blocks that were read. */
  readonly event: ClaimedEvent | undefined;
  /** The reported transaction: undefined when it was not looked up, null when no node knows it. */
  readonly transaction: ChainTransaction | null | undefined;
  /** Whether the reported transaction's nonce is spent. */
  readonly nonceSpent: boolean;
}

export interface FollowContext {
  /** First block that was read: what was included from here on and has no event now is gone. */
  readonly readFrom: number;
  readonly headNumber: number;
  /** How many blocks, its own included, make an event confirmed. */
  readonly confirmations: number;
  /** Time of the newest confirmed block, in seconds. */
  readonly settledTime: number;
  /** Our clock, in seconds: for the log, and for how long to wait for a transaction that no node knows. */
  readonly at: number;
  readonly patience: number;
}

export interface FollowResult {
  readonly record: ClaimRecord | undefined;
  readonly events: readonly ClaimEvent[];
  /** The chain paid what we never signed: another account, or a user without a claim of ours. */
  readonly unexpected: boolean;
}

/** Takes what the chain says into a claim's record. Saying the same twice changes nothing the second time. */
export function followClaim(
  known: ClaimRecord | undefined,
  userId: number,
  sighting: ClaimSighting,
  context: FollowContext,
): FollowResult {
  const events: ClaimEvent[] = [];
  const log = (type: ClaimEvent["type"], data: ClaimEvent["data"]) =>
    events.push({ type, userId, at: context.at, data });
  let record = known === undefined ? undefined : undoLostInclusion(known, sighting, context, log);
  let unexpected = false;
  if (sighting.event !== undefined && (record === undefined || record.inclusion === null)) {
    unexpected = record === undefined || !pays(record, sighting.event);
    record = include(record, sighting.event, context, log);
  }
  if (record?.inclusion) {
    const depth = context.headNumber - record.inclusion.blockNumber + 1;
    if (record.status !== "confirmed" && depth >= context.confirmations) {
      record = { ...record, status: "confirmed" };
      log("confirmed", { transaction: record.inclusion?.transactionHash ?? null, depth });
    }
  } else if (record !== undefined && (record.status === "issued" || record.status === "broadcast")) {
    record = followTransaction(record, sighting, context, log);
    if (record.kind === "signed" && context.settledTime > Number(record.deadline)) {
      record = { ...record, status: "expired" };
      log("expired", { deadline: Number(record.deadline), transaction: record.transaction?.hash ?? null });
    }
  }
  return { record, events, unexpected };
}

type Log = (type: ClaimEvent["type"], data: ClaimEvent["data"]) => void;

function undoLostInclusion(record: ClaimRecord, { event }: ClaimSighting, context: FollowContext, log: Log) {
  const { inclusion } = record;
  if (inclusion === null || inclusion.blockNumber < context.readFrom || event?.blockHash === inclusion.blockHash) {
    return record;
  }
  log("reorganised", { transaction: inclusion.transactionHash, block: inclusion.blockNumber, was: record.status });
  const fallback = record.kind === "observed" ? "expired" : record.transaction === null ? "issued" : "broadcast";
  return { ...record, inclusion: null, status: fallback } satisfies ClaimRecord;
}

function include(record: ClaimRecord | undefined, event: ClaimedEvent, context: FollowContext, log: Log): ClaimRecord {
  const { userId, account, amount, delegatee, transactionHash, blockNumber, blockHash } = event;
  const inclusion = { transactionHash, blockNumber, blockHash };
  if (record !== undefined && pays(record, event)) {
    log("included", { transaction: transactionHash, block: blockNumber, reported: record.transaction?.hash ?? null });
    return { ...record, status: "broadcast", inclusion };
  }
  log("observed", { transaction: transactionHash, block: blockNumber, account, amount: amount.toString() });
  return {
    userId,
    kind: "observed",
    status: "broadcast",
    account,
    amount,
    delegatee,
    submitter: account,
    deadline: record?.deadline ?? 0n,
    issuedAt: record?.issuedAt ?? context.at,
    transaction: record?.transaction ?? null,
    inclusion,
  };
}

/** A bound claim's delegatee is the account's own affair: our record of it is only a guess. */
function pays(record: ClaimRecord, { account, amount, delegatee }: ClaimedEvent): boolean {
  if (record.account !== account || record.amount !== amount) return false;
  return record.kind !== "signed" || record.delegatee === delegatee;
}

function followTransaction(record: ClaimRecord, sighting: ClaimSighting, context: FollowContext, log: Log) {
  const { transaction } = record;
  if (record.status !== "broadcast" || transaction === null || sighting.transaction === undefined) return record;
  const back = (type: "failed" | "dropped"): ClaimRecord => {
    log(type, { transaction: transaction.hash, nonce: transaction.nonce });
    return { ...record, status: "issued", transaction: null };
  };
  const seen = sighting.transaction;
  if (seen?.fate === "failed") return back("failed");
  if (seen?.fate === "pending") {
    if (transaction.from !== null) return record;
    log("broadcast", { transaction: transaction.hash, from: seen.from, nonce: seen.nonce, previous: null });
    return { ...record, transaction: { ...transaction, from: seen.from, nonce: seen.nonce } };
  }
  // Unknown to the node, or mined without our event: gone at once when its nonce went to another transaction.
  if (seen === null && sighting.nonceSpent) return back("dropped");
  return context.at - transaction.reportedAt > context.patience ? back("dropped") : record;
}
