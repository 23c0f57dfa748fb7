import { sql, type Kysely, type Transaction } from "kysely";

import type { ClaimEvent, ClaimRecord } from "../claims/claim-record.js";
import type {
  ClaimLedger,
  FollowedBlock,
  FollowStep,
  IssuedWindow,
  LedgerChange,
  LedgerView,
  Suspension,
  UnsettledQuery,
} from "../claims/ports.js";
import { Batcher } from "../shared/batcher.js";
import { linkEvent } from "./audit-chain.js";
import { recordFromRow, rowFromRecord } from "./claim-rows.js";
import { guardDatabase } from "./database-errors.js";
import type { ClaimsTable, Database, LedgerHeadTable } from "./schema.js";

interface Job {
  readonly userIds: readonly number[];
  readonly work: (view: LedgerView) => { change?: LedgerChange; result: unknown };
}

type JobOutcome = { readonly result: unknown } | { readonly error: unknown };

/** The claims' state in SQL. Concurrent transactions of one process travel as one, those of several take turns. */
export class DatabaseClaimLedger implements ClaimLedger {
  readonly #db: Kysely<Database>;
  readonly #jobs: Batcher<Job, JobOutcome>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
    this.#jobs = new Batcher((jobs) => this.#runTogether(jobs), { largest: 250 });
  }

  async transact<T>(userIds: readonly number[], work: (view: LedgerView) => { change?: LedgerChange; result: T }) {
    const outcome = await this.#jobs.run({ userIds, work });
    if ("error" in outcome) throw outcome.error;
    return outcome.result as T;
  }

  async find(userId: number): Promise<ClaimRecord | undefined> {
    const query = this.#db.selectFrom("claims").selectAll().where("user_id", "=", userId);
    const row = await guardDatabase(() => query.executeTakeFirst());
    return row === undefined ? undefined : recordFromRow(row);
  }

  async suspension(): Promise<Suspension | null> {
    const query = this.#db.selectFrom("ledger_head").selectAll();
    return suspensionFromHead(await guardDatabase(() => query.executeTakeFirstOrThrow()));
  }

  async unsettled({ includedFrom, deadlineBefore }: UnsettledQuery): Promise<ClaimRecord[]> {
    const query = this.#db
      .selectFrom("claims")
      .selectAll()
      .where((where) =>
        where.or([
          where("status", "=", "broadcast"),
          where("included_block", ">=", includedFrom),
          where.and([where("status", "=", "issued"), where("deadline", "<", deadlineBefore)]),
        ]),
      )
      .orderBy("user_id");
    return (await guardDatabase(() => query.execute())).map(recordFromRow);
  }

  async followedBlocks(): Promise<FollowedBlock[]> {
    const query = this.#db.selectFrom("followed_blocks").selectAll().orderBy("number", "desc");
    return guardDatabase(() => query.execute());
  }

  async follow(step: FollowStep, userIds: readonly number[], work: (view: LedgerView) => LedgerChange) {
    return guardDatabase(() =>
      this.#db.transaction().execute(async (transaction) => {
        const head = await lockHead(transaction);
        const newest = transaction.selectFrom("followed_blocks").selectAll().orderBy("number", "desc").limit(1);
        if ((await newest.executeTakeFirst())?.hash !== step.expected?.hash) return false;
        const pending = new PendingLedger(head, await loadUsers(transaction, userIds));
        pending.apply(work(pending));
        await pending.write(transaction);
        await transaction.deleteFrom("followed_blocks").execute();
        if (step.kept.length > 0)
          await transaction
            .insertInto("followed_blocks")
            .values([...step.kept])
            .execute();
        return true;
      }),
    );
  }

  async #runTogether(jobs: Job[]): Promise<JobOutcome[]> {
    const userIds = [...new Set(jobs.flatMap((job) => job.userIds))];
    return guardDatabase(() =>
      this.#db.transaction().execute(async (transaction) => {
        const head = await lockHead(transaction);
        const pending = new PendingLedger(head, await loadUsers(transaction, userIds));
        const outcomes = jobs.map(({ work }): JobOutcome => {
          try {
            const { change, result } = work(pending);
            if (change !== undefined) pending.apply(change);
            return { result };
          } catch (error) {
            return { error };
          }
        });
        await pending.write(transaction);
        return outcomes;
      }),
    );
  }
}

/** Whoever holds the head's row writes; everybody else waits. So decisions are made on what is really there. */
async function lockHead(transaction: Transaction<Database>): Promise<LedgerHeadTable> {
  return transaction.selectFrom("ledger_head").selectAll().forUpdate().executeTakeFirstOrThrow();
}

interface UserRow {
  asked_user: number;
  bound_account: string | null;
  approved_account: string | null;
  claim: ClaimsTable | null;
}

async function loadUsers(transaction: Transaction<Database>, userIds: readonly number[]): Promise<UserRow[]> {
  if (userIds.length === 0) return [];
  const { rows } = await sql<ClaimsTable & Omit<UserRow, "claim">>`
    select asked.id as asked_user, b.account as bound_account, r.account as approved_account, c.*
    from unnest(${JSON.stringify(userIds).replace("[", "{").replace("]", "}")}::bigint[]) as asked (id)
    left join bindings b on b.user_id = asked.id
    left join rebinding_approvals r on r.user_id = asked.id
    left join claims c on c.user_id = asked.id`.execute(transaction);
  return rows.map((row) => ({ ...row, claim: row.user_id === null ? null : row }));
}

/** The state of one transaction: what was loaded, overlaid with what its jobs have changed so far. */
class PendingLedger implements LedgerView {
  suspension: Suspension | null;
  issued: IssuedWindow;
  readonly #head: LedgerHeadTable;
  readonly #records = new Map<number, ClaimRecord>();
  readonly #bindings = new Map<number, string>();
  readonly #approvals = new Map<number, string>();
  readonly #changedRecords = new Set<number>();
  readonly #changedBindings = new Set<number>();
  readonly #changedApprovals = new Set<number>();
  readonly #events: ClaimEvent[] = [];

  constructor(head: LedgerHeadTable, users: readonly UserRow[]) {
    this.#head = head;
    this.suspension = suspensionFromHead(head);
    const { issued_started_at: startedAt, issued_claims: claims, issued_amount: amount } = head;
    this.issued = { startedAt, claims, amount: BigInt(amount) };
    for (const { asked_user: userId, claim, bound_account, approved_account } of users) {
      if (claim !== null) this.#records.set(userId, recordFromRow(claim));
      if (bound_account !== null) this.#bindings.set(userId, bound_account);
      if (approved_account !== null) this.#approvals.set(userId, approved_account);
    }
  }

  record(userId: number) {
    return this.#records.get(userId);
  }

  boundAccount(userId: number) {
    return this.#bindings.get(userId);
  }

  approvedAccount(userId: number) {
    return this.#approvals.get(userId);
  }

  apply(change: LedgerChange): void {
    for (const record of change.records ?? []) {
      this.#records.set(record.userId, record);
      this.#changedRecords.add(record.userId);
    }
    for (const { userId, account } of change.bindings ?? []) {
      this.#bindings.set(userId, account);
      this.#changedBindings.add(userId);
    }
    for (const { userId, account } of change.approvals ?? []) {
      if (account === null) this.#approvals.delete(userId);
      else this.#approvals.set(userId, account);
      this.#changedApprovals.add(userId);
    }
    if (change.suspension !== undefined) this.suspension = change.suspension;
    if (change.issued !== undefined) this.issued = change.issued;
    this.#events.push(...change.events);
  }

  async write(transaction: Transaction<Database>): Promise<void> {
    if (this.#events.length === 0) return;
    await writeRecords(
      transaction,
      [...this.#changedRecords].map((id) => this.#records.get(id) as ClaimRecord),
    );
    await writeAccounts(transaction, "bindings", this.#bindings, this.#changedBindings);
    await writeAccounts(transaction, "rebinding_approvals", this.#approvals, this.#changedApprovals);
    const { seq, hash } = await writeEvents(transaction, this.#head, this.#events);
    await transaction
      .updateTable("ledger_head")
      .set({
        seq,
        hash,
        suspended_reason: this.suspension?.reason ?? null,
        suspended_by: this.suspension?.by ?? null,
        suspended_since: this.suspension?.since ?? null,
        issued_started_at: this.issued.startedAt,
        issued_claims: this.issued.claims,
        issued_amount: this.issued.amount.toString(),
      })
      .execute();
  }
}

function suspensionFromHead(head: LedgerHeadTable): Suspension | null {
  const { suspended_reason: reason, suspended_by: by, suspended_since: since } = head;
  return reason === null || by === null || since === null ? null : { reason, by, since };
}

// Rows travel as one JSON parameter: the statement's text stays the same whatever their number, so that the server
// parses and plans it cheaply.
async function writeRecords(transaction: Transaction<Database>, records: readonly ClaimRecord[]): Promise<void> {
  if (records.length === 0) return;
  const rows = JSON.stringify(records.map(rowFromRecord));
  await sql`
    insert into claims select * from json_populate_recordset(null::claims, ${rows}::json)
    on conflict (user_id) do update set
      kind = excluded.kind, status = excluded.status, account = excluded.account, amount = excluded.amount,
      delegatee = excluded.delegatee, submitter = excluded.submitter, deadline = excluded.deadline,
      issued_at = excluded.issued_at, transaction_hash = excluded.transaction_hash,
      transaction_from = excluded.transaction_from, transaction_nonce = excluded.transaction_nonce,
      transaction_reported_at = excluded.transaction_reported_at,
      included_transaction = excluded.included_transaction, included_block = excluded.included_block,
      included_block_hash = excluded.included_block_hash`.execute(transaction);
}

async function writeAccounts(
  transaction: Transaction<Database>,
  table: "bindings" | "rebinding_approvals",
  accounts: ReadonlyMap<number, string>,
  changed: ReadonlySet<number>,
): Promise<void> {
  const kept = [...changed].filter((userId) => accounts.has(userId));
  const removed = [...changed].filter((userId) => !accounts.has(userId));
  if (removed.length > 0) await transaction.deleteFrom(table).where("user_id", "in", removed).execute();
  if (kept.length === 0) return;
  const rows = JSON.stringify(kept.map((userId) => ({ user_id: userId, account: accounts.get(userId) })));
  await sql`
    insert into ${sql.table(table)} select * from json_populate_recordset(null::${sql.table(table)}, ${rows}::json)
    on conflict (user_id) do update set account = excluded.account`.execute(transaction);
}

async function writeEvents(
  transaction: Transaction<Database>,
  head: LedgerHeadTable,
  events: readonly ClaimEvent[],
): Promise<{ seq: number; hash: string }> {
  let previous: { seq: number; hash: string } = head;
  const rows = events.map((event) => (previous = linkEvent(previous, event)));
  const text = JSON.stringify(rows);
  await sql`insert into claim_events select * from json_populate_recordset(null::claim_events, ${text}::json)`.execute(
    transaction,
  );
  return previous;
}
