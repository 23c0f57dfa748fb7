// bigint columns hold ids, times and block numbers: all below 2^53, read as numbers. Amounts are numeric(78), read as
// decimal strings.
type Amount = string;

export interface ClaimsTable {
  user_id: number;
  kind: string;
  status: string;
  account: string;
  amount: Amount;
  delegatee: string;
  submitter: string;
  deadline: number;
  issued_at: number;
  transaction_hash: string | null;
  transaction_from: string | null;
  transaction_nonce: number | null;
  transaction_reported_at: number | null;
  included_transaction: string | null;
  included_block: number | null;
  included_block_hash: string | null;
}

export interface ClaimEventsTable {
  seq: number;
  at: number;
  type: string;
  user_id: number | null;
  /** Canonical JSON, exactly as it was hashed. */
  data: string;
  previous_hash: string;
  hash: string;
}

/** One row: the audit log's newest link, the switch and the breaker. Locking it serialises the ledger. */
export interface LedgerHeadTable {
  id: number;
  seq: number;
  hash: string;
  suspended_reason: string | null;
  suspended_by: string | null;
  suspended_since: number | null;
  issued_started_at: number;
  issued_claims: number;
  issued_amount: Amount;
}

export interface Database {
  claims: ClaimsTable;
  claim_events: ClaimEventsTable;
  ledger_head: LedgerHeadTable;
  bindings: { user_id: number; account: string };
  rebinding_approvals: { user_id: number; account: string };
  followed_blocks: { number: number; hash: string };
  request_nonces: { key_id: string; nonce: string; expires_at: number };
  request_counters: { scope: string; bucket: number; count: number; expires_at: number };
}
