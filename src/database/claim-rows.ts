import type { ClaimRecord, ClaimStatus } from "../claims/claim-record.js";
import type { ClaimsTable } from "./schema.js";

/** A stored claim as the domain knows it. */
export function recordFromRow(row: ClaimsTable): ClaimRecord {
  return {
    userId: row.user_id,
    kind: row.kind as ClaimRecord["kind"],
    status: row.status as ClaimStatus,
    account: row.account,
    amount: BigInt(row.amount),
    delegatee: row.delegatee,
    submitter: row.submitter,
    deadline: BigInt(row.deadline),
    issuedAt: row.issued_at,
    transaction:
      row.transaction_hash === null
        ? null
        : {
            hash: row.transaction_hash,
            from: row.transaction_from,
            nonce: row.transaction_nonce,
            reportedAt: row.transaction_reported_at ?? row.issued_at,
          },
    inclusion:
      row.included_block === null || row.included_block_hash === null || row.included_transaction === null
        ? null
        : {
            transactionHash: row.included_transaction,
            blockNumber: row.included_block,
            blockHash: row.included_block_hash,
          },
  };
}

export function rowFromRecord(record: ClaimRecord): ClaimsTable {
  return {
    user_id: record.userId,
    kind: record.kind,
    status: record.status,
    account: record.account,
    amount: record.amount.toString(),
    delegatee: record.delegatee,
    submitter: record.submitter,
    deadline: Number(record.deadline),
    issued_at: record.issuedAt,
    transaction_hash: record.transaction?.hash ?? null,
    transaction_from: record.transaction?.from ?? null,
    transaction_nonce: record.transaction?.nonce ?? null,
    transaction_reported_at: record.transaction?.reportedAt ?? null,
    included_transaction: record.inclusion?.transactionHash ?? null,
    included_block: record.inclusion?.blockNumber ?? null,
    included_block_hash: record.inclusion?.blockHash ?? null,
  };
}
