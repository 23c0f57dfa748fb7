import type { Generated } from "kysely";

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

export interface ScorersTable {
  id: number;
  name: string;
  description: string;
  owner: string;
  version: number;
  /** The scorer's id in the registry, a uint256; null while it has none. */
  registry_id: string | null;
  created_at: number;
}

export interface ScorerVersionsTable {
  scorer_id: number;
  version: number;
  seq: number;
  rules_hash: string;
  /** The rules' document as canonical JSON, exactly as it was hashed. */
  rules: string;
  author: string;
  reason: string;
  created_at: number;
}

export interface StampsTable {
  digest: string;
  account: string;
  provider: string;
  issuer: string;
  form: string;
  key_version: number;
  /** JSON lists. */
  nullifiers: string;
  link_keys: string;
  issued_at: number;
  expires_at: number;
  /** The credential as it was sent, JSON. */
  credential: string;
  seq: number;
}

/** Which stamps an account shows to a scorer, in the order in which they were accepted. */
export interface ScorerStampsTable {
  scorer_id: number;
  account: string;
  digest: string;
  seq: number;
  refusal: string | null;
  refusal_detail: string | null;
}

export interface LinksTable {
  scope: string;
  key: string;
  account: string;
  provider: string;
  digest: string;
  since: number;
  expires_at: number;
  release_account: string | null;
  release_seq: number | null;
  release_free_at: number | null;
}

/** Points are in 1e-4. After an error everything but status and error is that of the last good run. */
export interface ScoreColumns {
  version: number;
  rules_hash: string;
  status: string;
  error: string | null;
  /** Null when no run has succeeded yet. */
  score: number | null;
  sum: number;
  threshold: number;
  passing: boolean;
  chain_score: number;
  scored_at: number;
  expires_at: number | null;
  flips_at: number | null;
  scale: number | null;
  /** What became of each stamp, JSON. */
  stamps: string;
}

export interface ScoresTable extends ScoreColumns {
  scorer_id: number;
  account: string;
  /** The event that made it so. */
  seq: number;
}

export interface ScoreEventsTable extends ScoreColumns {
  seq: number;
  at: number;
  scorer_id: number;
  account: string;
  cause: string;
}

export interface StampEventsTable {
  seq: number;
  at: number;
  type: string;
  scorer_id: number;
  account: string;
  digest: string | null;
  data: string;
}

export interface RescoresTable {
  id: Generated<number>;
  scorer_id: number;
  author: string;
  reason: string;
  phase: string;
  settled_to: number;
  scored_to: string;
  scored: number;
  changed: number;
  flipped: number;
  started_at: number;
  finished_at: number | null;
}

export interface ApiKeysTable {
  id: string;
  /** SHA-256 of the secret, hex: the secret has 256 bits of its own, so nothing slower is needed. */
  hash: string;
  name: string;
  /** JSON list. */
  scopes: string;
  /** Null is without limit. */
  requests_per_window: number | null;
  created_at: number;
  revoked_at: number | null;
}

export interface AnchorsTable {
  scorer_id: number;
  number: number;
  version: number;
  root: string;
  issued_at: number;
  threshold: number;
  definition: string;
  rules_hash: string;
  count: number;
  uri: string;
  deadline: number;
  signature: string;
  leaves: Uint8Array;
  nodes: Uint8Array;
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
  passport_head: { id: number; seq: number };
  scorers: ScorersTable;
  scorer_versions: ScorerVersionsTable;
  stamps: StampsTable;
  scorer_stamps: ScorerStampsTable;
  stamp_revocations: { digest: string; author: string; reason: string; revoked_at: number };
  links: LinksTable;
  scores: ScoresTable;
  score_events: ScoreEventsTable;
  stamp_events: StampEventsTable;
  rescores: RescoresTable;
  siwe_nonces: { nonce: string; expires_at: number };
  api_keys: ApiKeysTable;
  consents: { account: string; key_id: string; given_at: number };
  anchors: AnchorsTable;
}
