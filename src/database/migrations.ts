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
};
