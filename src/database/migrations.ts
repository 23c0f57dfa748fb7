import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

const firstHash = "0".repeat(64);

/** Every change of the schema, in order; the key sorts. Shared by all services of this repository and both engines. */
export const migrations: Record<string, Migration> = {
  "0001-claims": {
    async up(db: Kysely<unknown>) {
      const statements = [
        `create table ledger_head (
           id smallint primary key check (id = 1),
           seq bigint not null, hash text not null,
           suspended_reason text, suspended_by text, suspended_since bigint,
           issued_started_at bigint not null, issued_claims bigint not null, issued_amount numeric(78) not null)`,
        `insert into ledger_head values (1, 0, '${firstHash}', null, null, null, 0, 0, 0)`,
        // One row per user: there is no way to store two claims that could both be alive.
        `create table claims (
           user_id bigint primary key check (user_id between 0 and 4294967295),
           kind text not null check (kind in ('signed', 'bound', 'observed')),
           status text not null check (status in ('issued', 'broadcast', 'confirmed', 'expired')),
           account text not null, amount numeric(78) not null check (amount > 0),
           delegatee text not null, submitter text not null, deadline bigint not null, issued_at bigint not null,
           transaction_hash text, transaction_from text, transaction_nonce bigint, transaction_reported_at bigint,
           included_transaction text, included_block bigint, included_block_hash text,
           check (status <> 'broadcast' or transaction_hash is not null or included_block is not null),
           check (status <> 'confirmed' or included_block is not null))`,
        `create index claims_unsettled on claims (status) where status in ('issued', 'broadcast')`,
        `create index claims_included on claims (included_block) where included_block is not null`,
        `create table bindings (user_id bigint primary key, account text not null)`,
        `create table rebinding_approvals (user_id bigint primary key, account text not null)`,
        `create table claim_events (
           seq bigint primary key, at bigint not null, type text not null, user_id bigint,
           data text not null, previous_hash text not null, hash text not null unique)`,
        `create function refuse_change() returns trigger language plpgsql as $$
           begin raise exception 'the audit log is append-only'; end $$`,
        `create trigger claim_events_append_only before update or delete or truncate on claim_events
           for each statement execute function refuse_change()`,
        `create table followed_blocks (number bigint primary key, hash text not null)`,
        `create table request_nonces (
           key_id text not null, nonce text not null, expires_at bigint not null, primary key (key_id, nonce))`,
        `create index request_nonces_expiry on request_nonces (expires_at)`,
        `create table request_counters (
           scope text primary key, bucket bigint not null, count bigint not null, expires_at bigint not null)`,
        `create index request_counters_expiry on request_counters (expires_at)`,
      ];
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
  "0002-passport": {
    async up(db: Kysely<unknown>) {
      const score = `version integer not null, rules_hash text not null, status text not null check (status in ('DONE', 'ERROR')),
        error text, score bigint, sum bigint not null, threshold bigint not null, passing boolean not null,
        chain_score bigint not null, scored_at bigint not null, expires_at bigint, flips_at bigint, scale integer,
        stamps text not null`;
      const appendOnly = (table: string) =>
        `create trigger ${table}_append_only before update or delete or truncate on ${table}
           for each statement execute function refuse_change()`;
      const statements = [
        // One row: whoever holds it writes. Its sequence orders everything that happens to passports, without gaps.
        `create table passport_head (id smallint primary key check (id = 1), seq bigint not null)`,
        `insert into passport_head values (1, 0)`,
        `create table scorers (
           id bigint primary key, name text not null, description text not null, owner text not null,
           version integer not null, registry_id numeric(78) unique, created_at bigint not null)`,
        `create table scorer_versions (
           scorer_id bigint not null references scorers, version integer not null, seq bigint not null unique,
           rules_hash text not null, rules text not null, author text not null, reason text not null,
           created_at bigint not null, primary key (scorer_id, version))`,
        appendOnly("scorer_versions"),
        `create table stamps (
           digest text primary key, account text not null, provider text not null, issuer text not null,
           form text not null, key_version bigint not null, nullifiers text not null, link_keys text not null,
           issued_at bigint not null, expires_at bigint not null, credential text not null, seq bigint not null unique)`,
        `create index stamps_account on stamps (account, seq)`,
        `create table scorer_stamps (
           scorer_id bigint not null references scorers, account text not null, digest text not null references stamps,
           seq bigint not null, refusal text, refusal_detail text, primary key (scorer_id, account, digest))`,
        `create unique index scorer_stamps_order on scorer_stamps (scorer_id, seq)`,
        `create index scorer_stamps_digest on scorer_stamps (digest)`,
        `create table stamp_revocations (
           digest text primary key, author text not null, reason text not null, revoked_at bigint not null)`,
        `create table links (
           scope text not null, key text not null, account text not null, provider text not null, digest text not null,
           since bigint not null, expires_at bigint not null,
           release_account text, release_seq bigint, release_free_at bigint, primary key (scope, key))`,
        `create table scores (
           scorer_id bigint not null references scorers, account text not null, seq bigint not null, ${score},
           primary key (scorer_id, account))`,
        `create table score_events (
           seq bigint primary key, at bigint not null, scorer_id bigint not null, account text not null,
           cause text not null, ${score})`,
        `create index score_events_history on score_events (scorer_id, account, seq)`,
        appendOnly("score_events"),
        `create table stamp_events (
           seq bigint primary key, at bigint not null, type text not null, scorer_id bigint not null,
           account text not null, digest text, data text not null)`,
        `create index stamp_events_account on stamp_events (account, seq)`,
        appendOnly("stamp_events"),
        `create table rescores (
           id bigint generated by default as identity primary key, scorer_id bigint not null references scorers,
           author text not null, reason text not null, phase text not null check (phase in ('settle', 'score', 'done')),
           settled_to bigint not null, scored_to text not null, scored bigint not null, changed bigint not null,
           flipped bigint not null, started_at bigint not null, finished_at bigint)`,
        `create table siwe_nonces (nonce text primary key, expires_at bigint not null)`,
        `create index siwe_nonces_expiry on siwe_nonces (expires_at)`,
        `create table api_keys (
           id text primary key, hash text not null unique, name text not null, scopes text not null,
           requests_per_window bigint, created_at bigint not null, revoked_at bigint)`,
        `create table consents (
           account text not null, key_id text not null references api_keys, given_at bigint not null,
           primary key (account, key_id))`,
        `create table anchors (
           scorer_id bigint not null references scorers, number bigint not null, version integer not null,
           root text not null, issued_at bigint not null, threshold bigint not null, definition text not null,
           rules_hash text not null, count bigint not null, uri text not null, deadline bigint not null,
           signature text not null, leaves bytea not null, nodes bytea not null, primary key (scorer_id, number))`,
        // Hashes do not compress.
        `alter table anchors alter column nodes set storage external`,
      ];
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
  "0003-bulk-rescore": {
    async up(db: Kysely<unknown>) {
      const statements = [
        // Notes that spare a rescore the links: derived, and wrong in no case while settled_scope is the scorer's scope.
        `alter table scorers add column settled_scope text`,
        `alter table rescores add column scope text`,
        // Stamps with links to meet, in the order of acceptance; all others are settled, refused or of an older schema.
        `create table open_stamps (
           scorer_id bigint not null references scorers, digest text not null, seq bigint not null, account text not null,
           provider text not null, expires_at bigint not null, link_keys text not null, primary key (scorer_id, digest))`,
        `create unique index open_stamps_order on open_stamps (scorer_id, seq)`,
        `create table packed_passports (
           scorer_id bigint not null references scorers, account text not null, packed bytea not null,
           primary key (scorer_id, account))`,
        `alter table scores alter column stamps drop not null`,
        `alter table scores add column fingerprint bytea`,
        `alter table score_events alter column stamps drop not null`,
        `alter table score_events add column breakdown bytea`,
        // Mostly hashes, which do not compress.
        `alter table packed_passports alter column packed set storage external`,
        `alter table score_events alter column breakdown set storage external`,
        // A rescore writes every row: with room left, the new one stays beside the old and the index need not know.
        `alter table scores set (fillfactor = 60)`,
      ];
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
  "0004-notices": {
    async up(db: Kysely<unknown>) {
      const statements = [
        // The head says how far bans and revocations have come: every process knows, without asking, whether it has them all.
        `alter table passport_head add column notice_seq bigint not null default 0`,
        `create table ban_events (
           seq bigint primary key, at bigint not null, type text not null check (type in ('banned', 'lifted')),
           author text not null, reason text not null, ban bigint references ban_events,
           kind text, subject text, provider text, until bigint,
           check ((type = 'lifted') = (ban is not null)),
           check ((type = 'banned') = (kind is not null and subject is not null)))`,
        `create trigger ban_events_append_only before update or delete or truncate on ban_events
           for each statement execute function refuse_change()`,
        // What issuers take back, for ever: a later list that leaves an entry out withdraws nothing.
        `create table issuer_revocations (
           seq bigint primary key, at bigint not null, issuer text not null, list bigint not null,
           kind text not null check (kind in ('credential', 'nullifier')), value text not null,
           revoked_at bigint not null, reason text not null, unique (issuer, kind, value))`,
        `create trigger issuer_revocations_append_only before update or delete or truncate on issuer_revocations
           for each statement execute function refuse_change()`,
        `create table anchor_requests (
           scorer_id bigint not null references scorers, account text not null, requested_at bigint not null,
           primary key (scorer_id, account))`,
      ];
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
  "0010-nodes": {
    async up(db: Kysely<unknown>) {
      const statements = [
        `create table open_messages (
           key text primary key, epoch bigint not null, opened_at bigint not null, expires_at bigint not null,
           document text not null, closed text check (closed in ('certified', 'expired', 'epoch-over')))`,
        `create index open_messages_open on open_messages (opened_at) where closed is null`,
        `create table single_signatures (
           message text not null, steward text not null, epoch bigint not null, software text not null,
           document text not null, received_at bigint not null, primary key (message, steward))`,
        `create index single_signatures_epoch on single_signatures (epoch, steward)`,
        // One certificate for each entity: the chain does not branch under two processes either.
        `create table certificates (
           sequence bigint generated by default as identity primary key, hash text not null unique, epoch bigint not null,
           kind text not null check (kind in ('genesis', 'stake-distribution', 'scores')), entity text unique,
           block bigint, document text not null, outcome text check (outcome in ('anchored', 'superseded', 'refused')),
           check ((kind = 'genesis') = (entity is null)))`,
        `create index certificates_epoch on certificates (epoch, sequence)`,
        `create unique index certificates_genesis on certificates (epoch) where kind = 'genesis'`,
        `create table signed_entities (
           entity text primary key, epoch bigint not null, block bigint, document text, published text not null)`,
      ];
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
  "0012-watcher": {
    async up(db: Kysely<unknown>) {
      const statements = [
        // Each aggregator has certificates of its own: what one withholds, another may have.
        `create table watched_certificates (
           source text not null, hash text not null, epoch bigint not null, document text not null,
           entity text, message text, signed_stake text, total_stake text, primary key (source, hash))`,
        `create index watched_certificates_epoch on watched_certificates (epoch)`,
        `create table watcher_alarms (
           key text primary key, document text not null, raised_at bigint not null, cleared_at bigint,
           delivered boolean not null)`,
      ];
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
  "0020-sybil": {
    async up(db: Kysely<unknown>) {
      const statements = [
        // One search for nearest neighbours; its id is a hash of what is asked, so that whoever asks again finds it.
        `create table sybil_searches (
           id text primary key, input text not null, metric text not null check (metric in ('jaccard', 'hamming')),
           blocks integer not null check (blocks > 0), begun_at bigint not null)`,
        `create index sybil_searches_input on sybil_searches (input)`,
        // What is searched, by its SHA-256, in parts that are short statements to write and to read.
        `create table sybil_inputs (
           hash text not null, part integer not null, bytes bytea not null, primary key (hash, part))`,
        `create table sybil_blocks (
           search text not null references sybil_searches on delete cascade, block integer not null, result bytea not null,
           primary key (search, block))`,
        // Numbers of all sizes: packing them costs more than it saves.
        `alter table sybil_inputs alter column bytes set storage external`,
        `alter table sybil_blocks alter column result set storage external`,
      ];
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
};
