import { sql, type Kysely, type Transaction } from "kysely";

import type { BanEntry, BanEvent, BanIndex } from "../passport/bans.js";
import { unpackCredential } from "../passport/credential/compact.js";
import type { RevocationList } from "../passport/revocations.js";
import {
  NotPlainError,
  type Authorship,
  type NewScorer,
  type NewVersion,
  type OpenStamp,
  type PageEntry,
  type PassportNeed,
  type PassportStore,
  type RescoreRequest,
  type RescoreState,
  type Revocation,
  type ScorerSummary,
  type ScoresPage,
  type ScoringPage,
} from "../scoring/service/ports.js";
import type { readVersion, ScorerVersion } from "../scoring/service/scorer-version.js";
import { PassportWorkspace } from "../scoring/service/workspace.js";
import { Batcher } from "../shared/batcher.js";
import { guardPassportDatabase } from "./database-errors.js";
import { NoticeCache } from "./notice-cache.js";
import { completeScoringPage, loadPageScorer, loadSettlingPage, readScoringPage } from "./passport-page.js";
import { passportsBanned, passportsRevoked } from "./passports-concerned.js";
import { ReadAhead } from "./read-ahead.js";
import {
  rescoreFromRow,
  rowFromBanEvent,
  rowFromRevocation,
  scoreEventFromRow,
  scoreFromRow,
  stampEventFromRow,
} from "./passport-rows.js";
import { loadPassports, lockPassports, VersionCache, writePassports } from "./passport-transaction.js";
import type { Database, ScoresTable } from "./schema.js";

interface Job {
  readonly needs: readonly PassportNeed[];
  readonly work: (workspace: PassportWorkspace) => unknown;
}

type JobOutcome = { readonly result: unknown } | { readonly error: unknown };

/** The passports in SQL. Concurrent transactions of one process travel as one, those of several take turns. */
export class DatabasePassportStore implements PassportStore {
  readonly #db: Kysely<Database>;
  readonly #versions: VersionCache;
  readonly #notices = new NoticeCache();
  readonly #jobs: Batcher<Job, JobOutcome>;
  readonly #readAhead: ReadAhead;

  constructor(db: Kysely<Database>, read?: typeof readVersion) {
    this.#db = db;
    this.#versions = new VersionCache(read);
    this.#readAhead = new ReadAhead(db);
    this.#jobs = new Batcher((jobs) => this.#runTogether(jobs), { largest: 200 });
  }

  async transact<T>(needs: readonly PassportNeed[], work: (workspace: PassportWorkspace) => T): Promise<T> {
    const outcome = await this.#jobs.run({ needs, work });
    if ("error" in outcome) throw outcome.error;
    return outcome.result as T;
  }

  async #runTogether(jobs: Job[]): Promise<JobOutcome[]> {
    return this.#locked(async (transaction, workspace) => {
      const needs = jobs.flatMap((job) => job.needs);
      await loadPassports(transaction, workspace, needs, this.#versions);
      return jobs.map(({ work }): JobOutcome => {
        try {
          return { result: workspace.attempt(() => work(workspace)) };
        } catch (error) {
          return { error };
        }
      });
    });
  }

  #locked<T>(work: (transaction: Transaction<Database>, workspace: PassportWorkspace) => Promise<T>): Promise<T> {
    return guardPassportDatabase(() =>
      this.#db.transaction().execute(async (transaction) => {
        const workspace = await lockPassports(transaction, this.#notices);
        const result = await work(transaction, workspace);
        await writePassports(transaction, workspace);
        return result;
      }),
    );
  }

  createScorer(scorer: NewScorer, version: NewVersion): Promise<number> {
    return this.#locked(async (transaction, workspace) => {
      const newest = await transaction
        .selectFrom("scorers")
        .select(({ fn }) => fn.max("id").as("id"))
        .executeTakeFirst();
      const id = (newest?.id ?? 0) + 1;
      const { name, description, owner } = scorer;
      const { scope: settled_scope } = this.#versions.read({ scorerId: id, version: 1, rules: version.rules });
      const row = {
        id,
        name,
        description,
        owner,
        version: 1,
        registry_id: null,
        created_at: version.at,
        settled_scope,
      };
      await transaction.insertInto("scorers").values(row).execute();
      await insertVersion(transaction, workspace, id, 1, version);
      return id;
    });
  }

  addVersion(scorerId: number, version: NewVersion): Promise<number | undefined> {
    return this.#locked(async (transaction, workspace) => {
      const before = await this.#newest(transaction, scorerId);
      if (before === undefined) return undefined;
      const number = before.version + 1;
      const { scope } = this.#versions.read({ scorerId, version: number, rules: version.rules });
      if (scope !== before.scope) {
        // Other links: nothing that was noted is worth anything, nor what an open rescore has noted so far.
        await noteScope(transaction, scorerId, null);
        const open = transaction.updateTable("rescores").set({ scope: null }).where("scorer_id", "=", scorerId);
        await open.where("phase", "<>", "done").execute();
      }
      await insertVersion(transaction, workspace, scorerId, number, version);
      await transaction.updateTable("scorers").set({ version: number }).where("id", "=", scorerId).execute();
      return number;
    });
  }

  /** The newest version, inside a transaction. */
  async #newest(transaction: Transaction<Database>, scorerId: number): Promise<ScorerVersion | undefined> {
    const query = transaction.selectFrom("scorer_versions").select(["scorer_id", "version", "rules"]);
    const newest = query.where("scorer_id", "=", scorerId).orderBy("version", "desc").limit(1);
    const row = await newest.executeTakeFirst();
    return row === undefined ? undefined : this.#versions.get(row);
  }

  linkRegistry(scorerId: number, registryId: bigint): Promise<boolean> {
    const registry_id = registryId.toString();
    return this.#locked(async (transaction) => {
      const other = transaction.selectFrom("scorers").select("id").where("registry_id", "=", registry_id);
      if ((await other.executeTakeFirst()) !== undefined) return false;
      const link = transaction.updateTable("scorers").set({ registry_id }).where("id", "=", scorerId);
      const { numUpdatedRows } = await link.where("registry_id", "is", null).executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  #summaries() {
    return this.#db
      .selectFrom("scorers")
      .innerJoin("scorer_versions as v", (join) =>
        join.onRef("v.scorer_id", "=", "scorers.id").onRef("v.version", "=", "scorers.version"),
      )
      .selectAll("scorers")
      .select("v.rules_hash");
  }

  async scorer(scorerId: number): Promise<ScorerSummary | undefined> {
    const query = this.#summaries().where("scorers.id", "=", scorerId);
    const row = await guardPassportDatabase(() => query.executeTakeFirst());
    return row === undefined ? undefined : summaryFromRow(row);
  }

  async scorers(after: number, limit: number): Promise<ScorerSummary[]> {
    const query = this.#summaries().where("scorers.id", ">", after).orderBy("scorers.id").limit(limit);
    return (await guardPassportDatabase(() => query.execute())).map(summaryFromRow);
  }

  async versions(scorerId: number) {
    const query = this.#db
      .selectFrom("scorer_versions")
      .selectAll()
      .where("scorer_id", "=", scorerId)
      .orderBy("version");
    return (await guardPassportDatabase(() => query.execute())).map((row) => ({
      version: row.version,
      sequence: row.seq,
      rulesHash: row.rules_hash,
      rules: row.rules,
      author: row.author,
      reason: row.reason,
      createdAt: row.created_at,
    }));
  }

  async version(scorerId: number) {
    const query = this.#summaries().select(["v.rules", "v.scorer_id"]).where("scorers.id", "=", scorerId);
    const row = await guardPassportDatabase(() => query.executeTakeFirst());
    return row === undefined ? undefined : this.#versions.get(row);
  }

  readPassports(versions: readonly ScorerVersion[], { after, limit }: { after: string; limit: number }) {
    return guardPassportDatabase(() =>
      this.#db
        .transaction()
        .setIsolationLevel("repeatable read")
        .execute(async (transaction) => {
          const scorerId = versions[0]?.scorerId ?? 0;
          const accounts = await accountsPage(transaction, scorerId, after, limit);
          const needs = accounts.map((account) => ({ scorerId, account }));
          const workspaces: PassportWorkspace[] = [];
          for (const version of versions) {
            const workspace = new PassportWorkspace();
            await loadPassports(transaction, workspace, needs, { get: () => version });
            workspaces.push(workspace);
          }
          return { accounts, workspaces };
        }),
    );
  }

  async score(scorerId: number, account: string) {
    const query = this.#db
      .selectFrom("scores as c")
      .leftJoin("score_events as e", "e.seq", "c.seq")
      .selectAll("c")
      .select("e.breakdown")
      .where("c.scorer_id", "=", scorerId)
      .where("c.account", "=", account);
    const row = await guardPassportDatabase(() => query.executeTakeFirst());
    return row === undefined ? undefined : scoreFromRow(row);
  }

  async scoresOf(scorerId: number, accounts: readonly string[]) {
    const query = sql<ScoresTable & { breakdown: null }>`
      select c.scorer_id, c.account, c.version, c.rules_hash, c.status, c.error, c.score, c.sum, c.threshold, c.passing,
        c.chain_score, c.scored_at, c.expires_at, c.flips_at, c.scale, '[]' as stamps, null as breakdown
      from json_array_elements_text(${JSON.stringify(accounts)}::json) as asked (account)
      join scores c on c.scorer_id = ${scorerId} and c.account = asked.account`;
    const { rows } = await guardPassportDatabase(() => query.execute(this.#db));
    return rows.map(scoreFromRow);
  }

  async scoresPage(scorerId: number, { limit, offset, order, since }: ScoresPage) {
    const scores = this.#db.selectFrom("scores").where("scorer_id", "=", scorerId).where("scored_at", ">=", since);
    const rows = this.#db
      .selectFrom("scores as c")
      .leftJoin("score_events as e", "e.seq", "c.seq")
      .selectAll("c")
      .select("e.breakdown")
      .where("c.scorer_id", "=", scorerId)
      .where("c.scored_at", ">=", since)
      .orderBy(order === "account" ? "c.account" : "c.scored_at")
      .orderBy("c.account");
    const [page, { count }] = await guardPassportDatabase(() =>
      Promise.all([
        rows.limit(limit).offset(offset).execute(),
        scores.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow(),
      ]),
    );
    return { records: page.map(scoreFromRow), count: Number(count) };
  }

  async history(scorerId: number, account: string, page: { at?: number; before?: number; limit: number }) {
    let query = this.#db
      .selectFrom("score_events")
      .selectAll()
      .where("scorer_id", "=", scorerId)
      .where("account", "=", account);
    if (page.at !== undefined) query = query.where("at", "<=", page.at);
    if (page.before !== undefined) query = query.where("seq", "<", page.before);
    const rows = await guardPassportDatabase(() => query.orderBy("seq", "desc").limit(page.limit).execute());
    return rows.map(scoreEventFromRow);
  }

  async stampHistory(scorerId: number, account: string) {
    const query = this.#db.selectFrom("stamp_events").selectAll().where("account", "=", account);
    const ordered = query.where("scorer_id", "=", scorerId).orderBy("seq");
    return (await guardPassportDatabase(() => ordered.execute())).map(stampEventFromRow);
  }

  #credentials(account: string) {
    return this.#db
      .selectFrom("stamps")
      .select(["seq", "digest", "provider", "expires_at", "credential"])
      .where("account", "=", account);
  }

  async credentials(account: string, { after, limit }: { after: number; limit: number }) {
    const query = this.#credentials(account).where("seq", ">", after).orderBy("seq").limit(limit);
    return (await guardPassportDatabase(() => query.execute())).map(credentialFromRow);
  }

  async credentialsBefore(account: string, { before, limit }: { before: number; limit: number }) {
    const query = this.#credentials(account).where("seq", "<", before).orderBy("seq", "desc").limit(limit);
    return (await guardPassportDatabase(() => query.execute())).map(credentialFromRow).reverse();
  }

  revoke({ digest, author, reason, at }: Revocation): Promise<PassportNeed[]> {
    return this.#locked(async (transaction, workspace) => {
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto("stamp_revocations")
        .values({ digest, author, reason, revoked_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      // In the log too: whoever restores from it must refuse the credential as we do.
      if (numInsertedOrUpdatedRows === 1n) {
        workspace.record({ at, type: "revoked", scorerId: 0, account: "", digest, data: { author, reason } });
      }
      const shown = transaction
        .selectFrom("scorer_stamps")
        .select(["scorer_id", "account"])
        .where("digest", "=", digest);
      return (await shown.execute()).map(({ scorer_id: scorerId, account }) => ({ scorerId, account }));
    });
  }

  ban(
    entry: BanEntry,
    { author, at }: Omit<Authorship, "reason">,
    realms: readonly string[],
  ): Promise<{ id: number; shown: PassportNeed[] }> {
    return this.#locked(async (transaction, workspace) => {
      const id = workspace.nextSequence();
      await addBanEvent(transaction, { sequence: id, at, author, reason: entry.reason, type: "banned", entry });
      return { id, shown: await passportsBanned(transaction, entry, realms) };
    });
  }

  liftBan(
    id: number,
    { author, reason, at }: Authorship,
    realms: readonly string[],
  ): Promise<PassportNeed[] | undefined> {
    return this.#locked(async (transaction, workspace) => {
      const ban = workspace.bans.get(id, at);
      if (ban === undefined) return undefined;
      const sequence = workspace.nextSequence();
      await addBanEvent(transaction, { sequence, at, author, reason, type: "lifted", ban: id });
      return passportsBanned(transaction, ban, realms);
    });
  }

  async bans(): Promise<BanIndex> {
    return guardPassportDatabase(async () => {
      const head = await this.#db.selectFrom("passport_head").select("notice_seq").executeTakeFirstOrThrow();
      return (await new NoticeCache().upTo(head.notice_seq, this.#db)).bans;
    });
  }

  addRevocations(
    list: Pick<RevocationList, "issuer" | "sequence" | "entries">,
    { at }: Pick<Authorship, "at">,
    realms: readonly string[],
  ): Promise<{ added: number; shown: PassportNeed[] }> {
    return this.#locked(async (transaction, workspace) => {
      const { issuer } = list;
      const added = workspace.revocations.missing(list);
      if (added.length === 0) return { added: 0, shown: [] };
      const rows = added.map((entry) =>
        rowFromRevocation({ sequence: workspace.nextSequence(), at, issuer, list: list.sequence, entry }),
      );
      await sql`insert into issuer_revocations
        select * from json_populate_recordset(null::issuer_revocations, ${JSON.stringify(rows)}::json)`.execute(
        transaction,
      );
      await noteHead(transaction, workspace.sequence);
      const of = (kind: string) => added.filter((entry) => entry.kind === kind).map(({ value }) => value);
      const revoked = { digests: of("credential"), nullifiers: of("nullifier") };
      return { added: added.length, shown: await passportsRevoked(transaction, revoked, realms) };
    });
  }

  beginRescore({ scorerId, author, reason, at }: RescoreRequest): Promise<number | undefined> {
    return this.#locked(async (transaction) => {
      const open = transaction.selectFrom("rescores").select("id").where("scorer_id", "=", scorerId);
      if ((await open.where("phase", "<>", "done").executeTakeFirst()) !== undefined) return undefined;
      const scope = (await this.#newest(transaction, scorerId))?.scope ?? null;
      const start = { scope, phase: "settle", settled_to: 0, scored_to: "", scored: 0, changed: 0, flipped: 0 };
      const { id } = await transaction
        .insertInto("rescores")
        .values({ ...start, scorer_id: scorerId, author, reason, started_at: at, finished_at: null })
        .returning("id")
        .executeTakeFirstOrThrow();
      return id;
    });
  }

  async openRescore(scorerId?: number): Promise<RescoreState | undefined> {
    let query = this.#db.selectFrom("rescores").selectAll().where("phase", "<>", "done");
    if (scorerId !== undefined) query = query.where("scorer_id", "=", scorerId);
    const row = await guardPassportDatabase(() => query.orderBy("id").limit(1).executeTakeFirst());
    return row === undefined ? undefined : rescoreFromRow(row);
  }

  async rescore(id: number): Promise<RescoreState | undefined> {
    const query = this.#db.selectFrom("rescores").selectAll().where("id", "=", id);
    const row = await guardPassportDatabase(() => query.executeTakeFirst());
    return row === undefined ? undefined : rescoreFromRow(row);
  }

  advanceSettling(
    before: RescoreState,
    limit: number,
    work: (workspace: PassportWorkspace, stamps: readonly OpenStamp[]) => RescoreState,
  ): Promise<RescoreState | undefined> {
    return this.#advance(before, async (transaction, workspace) => {
      const scorer = await loadPageScorer(transaction, workspace, before.scorerId, this.#versions);
      const page = { after: before.settledTo, limit };
      return work(workspace, await loadSettlingPage(transaction, workspace, scorer, page));
    });
  }

  async advanceScoring<Page extends ScoringPage>(
    before: RescoreState,
    newPage: (workspace: PassportWorkspace) => Page,
    work: (workspace: PassportWorkspace, entries: readonly PageEntry[], page: Page) => RescoreState,
  ): Promise<RescoreState | undefined> {
    const { scorerId, scoredTo: after } = before;
    const whole = new Set<string>();
    for (;;) {
      const ahead = await this.#readAhead.take(before);
      try {
        return await this.#advance(before, async (transaction, workspace) => {
          const locked = workspace.sequence;
          const scorer = await loadPageScorer(transaction, workspace, scorerId, this.#versions);
          const holds = ahead !== undefined && ahead.sequence === locked && ahead.page.isFresh();
          // A store's pages are all made by one rescorer.
          const page = holds ? (ahead.page as Page) : newPage(workspace);
          const entries = holds ? ahead.entries : await readScoringPage(transaction, scorer, page, after);
          const complete = { entries, after, whole };
          const state = work(
            workspace,
            await completeScoringPage(transaction, workspace, scorer, complete, this.#versions),
            page,
          );
          // While this page is written, the next one is read.
          if (state.phase !== "done") {
            this.#readAhead.start(scorer, state, newPage(workspace), [locked, workspace.sequence]);
          }
          return state;
        });
      } catch (error) {
        if (!(error instanceof NotPlainError)) throw error;
        for (const account of error.accounts) whole.add(account);
      }
    }
  }

  #advance(
    before: RescoreState,
    work: (transaction: Transaction<Database>, workspace: PassportWorkspace) => Promise<RescoreState>,
  ): Promise<RescoreState | undefined> {
    return this.#locked(async (transaction, workspace) => {
      const row = await transaction.selectFrom("rescores").selectAll().where("id", "=", before.id).executeTakeFirst();
      if (row === undefined || JSON.stringify(rescoreFromRow(row)) !== JSON.stringify(before)) return undefined;
      const after = await work(transaction, workspace);
      const { phase, settledTo, scoredTo: scored_to, scored, changed, flipped, finishedAt: finished_at } = after;
      const columns = { phase, settled_to: settledTo, scored_to, scored, changed, flipped, finished_at };
      await transaction.updateTable("rescores").set(columns).where("id", "=", before.id).execute();
      // Every passport has been loaded under this scope, or was noted under it already.
      if (phase === "done" && row.scope !== null) await noteScope(transaction, before.scorerId, row.scope);
      return after;
    });
  }
}

/** Accounts with stamps or a score, in order. */
async function accountsPage(db: Kysely<Database>, scorerId: number, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ account: string }>`
    select account from (
      (select distinct account from scorer_stamps where scorer_id = ${scorerId} and account > ${after}
        order by account limit ${limit})
      union
      (select account from scores where scorer_id = ${scorerId} and account > ${after}
        order by account limit ${limit})
    ) as both_kinds order by account limit ${limit}`.execute(db);
  return rows.map((row) => row.account);
}

async function addBanEvent(transaction: Transaction<Database>, event: BanEvent): Promise<void> {
  await transaction.insertInto("ban_events").values(rowFromBanEvent(event)).execute();
  await noteHead(transaction, event.sequence);
}

/** From here on every process knows that there is news about bans or revocations. */
async function noteHead(transaction: Transaction<Database>, sequence: number): Promise<void> {
  await transaction.updateTable("passport_head").set({ notice_seq: sequence }).where("id", "=", 1).execute();
}

async function noteScope(
  transaction: Transaction<Database>,
  scorerId: number,
  settled_scope: string | null,
): Promise<void> {
  await transaction.updateTable("scorers").set({ settled_scope }).where("id", "=", scorerId).execute();
}

async function insertVersion(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  scorer_id: number,
  version: number,
  { rulesHash: rules_hash, rules, author, reason, at: created_at }: NewVersion,
): Promise<void> {
  const seq = workspace.nextSequence();
  const row = { scorer_id, version, seq, rules_hash, rules, author, reason, created_at };
  await transaction.insertInto("scorer_versions").values(row).execute();
}

function summaryFromRow(row: {
  id: number;
  name: string;
  description: string;
  owner: string;
  version: number;
  rules_hash: string;
  registry_id: string | null;
  created_at: number;
}): ScorerSummary {
  const { id, name, description, owner, version, rules_hash: rulesHash, created_at: createdAt } = row;
  return {
    id,
    name,
    description,
    owner,
    version,
    rulesHash,
    registryId: row.registry_id === null ? null : BigInt(row.registry_id),
    createdAt,
  };
}

function credentialFromRow(row: {
  seq: number;
  digest: string;
  provider: string;
  expires_at: number;
  credential: string;
}) {
  const { seq: sequence, digest, provider, expires_at: expiresAt } = row;
  return { sequence, digest, provider, expiresAt, credential: unpackCredential(JSON.parse(row.credential)) };
}
