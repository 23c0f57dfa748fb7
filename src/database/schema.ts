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
  /** The scope of links under which `open_stamps` was noted; null while that is not known of all stamps. */
  settled_scope: string | null;
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

/** A shown stamp that has links to meet in the next rescore. */
export interface OpenStampsTable {
  scorer_id: number;
  digest: string;
  seq: number;
  account: string;
  provider: string;
  expires_at: number;
  /** JSON list. */
  link_keys: string;
}

/** What an account shows to a scorer in one byte string; derived from the tables above. */
export interface PackedPassportsTable {
  scorer_id: number;
  account: string;
  packed: Uint8Array;
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
  /** What became of each stamp, JSON; null since events hold it packed. */
  stamps: string | null;
}

export interface ScoresTable extends ScoreColumns {
  scorer_id: number;
  account: string;
  /** The event that made it so, which has the stamps. */
  seq: number;
  /** SHA-256 of everything but the time; null in rows of an older schema. */
  fingerprint: Uint8Array | null;
}

export interface ScoreEventsTable extends ScoreColumns {
  seq: number;
  at: number;
  scorer_id: number;
  account: string;
  cause: string;
  /** What became of each stamp, packed; null in rows of an older schema, which have it as JSON. */
  breakdown: Uint8Array | null;
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

export interface BanEventsTable {
  seq: number;
  at: number;
  type: string;
  author: string;
  reason: string;
  /** Of an event that lifts: the sequence of the ban that it ends. */
  ban: number | null;
  /** Of a ban. */
  kind: string | null;
  subject: string | null;
  provider: string | null;
  until: number | null;
}

export interface IssuerRevocationsTable {
  seq: number;
  at: number;
  /** DID. */
  issuer: string;
  /** The number of the list that brought it. */
  list: number;
  kind: string;
  value: string;
  revoked_at: number;
  reason: string;
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
  /** The scope of links that the whole run has met; null when it changed on the way. */
  scope: string | null;
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

export interface OpenMessagesTable {
  key: string;
  epoch: number;
  /** Milliseconds. */
  opened_at: number;
  expires_at: number;
  document: string;
  /** Null while it is open; then certified, expired or epoch-over. */
  closed: string | null;
}

export interface SingleSignaturesTable {
  message: string;
  steward: string;
  epoch: number;
  software: string;
  document: string;
  received_at: number;
}

export interface CertificatesTable {
  sequence: Generated<number>;
  hash: string;
  epoch: number;
  kind: string;
  /** Null for a genesis certificate. */
  entity: string | null;
  block: number | null;
  document: string;
  /** Null while it is not on the chain; then anchored, superseded or refused. */
  outcome: string | null;
}

export interface SignedEntitiesTable {
  entity: string;
  epoch: number;
  block: number | null;
  /** Null where no lottery was won. */
  document: string | null;
  /** JSON list of the publishers that took it. */
  published: string;
}

export interface WatchedCertificatesTable {
  source: string;
  hash: string;
  epoch: number;
  document: string;
  /** These four are null for a genesis certificate. */
  entity: string | null;
  /** JSON of the signed message's parts. */
  message: string | null;
  signed_stake: string | null;
  total_stake: string | null;
}

export interface WatcherAlarmsTable {
  key: string;
  /** JSON of the alarm. */
  document: string;
  raised_at: number;
  /** Null while it holds. */
  cleared_at: number | null;
  delivered: boolean;
}

export interface SybilSearchesTable {
  id: string;
  /** The SHA-256 of the input. */
  input: string;
  metric: string;
  blocks: number;
  /** Milliseconds, of the last time that somebody asked. */
  begun_at: number;
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
  /** `notice_seq` is the sequence of the newest event about bans or issuers' revocations. */
  passport_head: { id: number; seq: number; notice_seq: number };
  issuer_revocations: IssuerRevocationsTable;
  ban_events: BanEventsTable;
  scorers: ScorersTable;
  scorer_versions: ScorerVersionsTable;
  stamps: StampsTable;
  scorer_stamps: ScorerStampsTable;
  open_stamps: OpenStampsTable;
  packed_passports: PackedPassportsTable;
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
  anchor_requests: { scorer_id: number; account: string; requested_at: number };
  open_messages: OpenMessagesTable;
  single_signatures: SingleSignaturesTable;
  certificates: CertificatesTable;
  signed_entities: SignedEntitiesTable;
  watched_certificates: WatchedCertificatesTable;
  watcher_alarms: WatcherAlarmsTable;
  sybil_searches: SybilSearchesTable;
  sybil_inputs: { hash: string; part: number; bytes: Buffer };
  sybil_blocks: { search: string; block: number; result: Buffer };
}
