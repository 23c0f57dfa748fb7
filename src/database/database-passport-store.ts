import { sql, type Kysely, type Transaction } from "kysely";

import type {
  NewScorer,
  NewVersion,
  PassportNeed,
  PassportStore,
  RescoreRequest,
  RescoreState,
  Revocation,
  ScorerSummary,
} from "../scoring/service/ports.js";
import type { readVersion } from "../scoring/service/scorer-version.js";
import type { PassportWorkspace } from "../scoring/service/workspace.js";
import { Batcher } from "../shared/batcher.js";
import { guardPassportDatabase } from "./database-errors.js";
import { rescoreFromRow, scoreEventFromRow, scoreFromRow, stampEventFromRow } from "./passport-rows.js";
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
  readonly #jobs: Batcher<Job, JobOutcome>;

  constructor(db: Kysely<Database>, read?: typeof readVersion) {
    this.#db = db;
    this.#versions = new VersionCache(read);
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
        const workspace = await lockPassports(transaction);
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
      const row = { id, name, description, owner, version: 1, registry_id: null, created_at: version.at };
      await transaction.insertInto("scorers").values(row).execute();
      await insertVersion(transaction, workspace, id, 1, version);
      return id;
    });
  }

  addVersion(scorerId: number, version: NewVersion): Promise<number | undefined> {
    return this.#locked(async (transaction, workspace) => {
      const scorer = await transaction
        .selectFrom("scorers")
        .select("version")
        .where("id", "=", scorerId)
        .executeTakeFirst();
      if (scorer === undefined) return undefined;
      const number = scorer.version + 1;
      await insertVersion(transaction, workspace, scorerId, number, version);
      await transaction.updateTable("scorers").set({ version: number }).where("id", "=", scorerId).execute();
      return number;
    });
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

  async score(scorerId: number, account: string) {
    const query = this.#db.selectFrom("scores").selectAll().where("scorer_id", "=", scorerId);
    const row = await guardPassportDatabase(() => query.where("account", "=", account).executeTakeFirst());
    return row === undefined ? undefined : scoreFromRow(row);
  }

  async scoresOf(scorerId: number, accounts: readonly string[]) {
    const query = sql<ScoresTable>`
      select c.scorer_id, c.account, c.version, c.rules_hash, c.status, c.error, c.score, c.sum, c.threshold, c.passing,
        c.chain_score, c.scored_at, c.expires_at, c.flips_at, c.scale, '[]' as stamps
      from json_array_elements_text(${JSON.stringify(accounts)}::json) as asked (account)
      join scores c on c.scorer_id = ${scorerId} and c.account = asked.account`;
    const { rows } = await guardPassportDatabase(() => query.execute(this.#db));
    return rows.map(scoreFromRow);
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
    return this.#locked(async (transaction) => {
      await transaction
        .insertInto("stamp_revocations")
        .values({ digest, author, reason, revoked_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const shown = transaction
        .selectFrom("scorer_stamps")
        .select(["scorer_id", "account"])
        .where("digest", "=", digest);
      return (await shown.execute()).map(({ scorer_id: scorerId, account }) => ({ scorerId, account }));
    });
  }

  beginRescore({ scorerId, author, reason, at }: RescoreRequest): Promise<number | undefined> {
    return this.#locked(async (transaction) => {
      const open = transaction.selectFrom("rescores").select("id").where("scorer_id", "=", scorerId);
      if ((await open.where("phase", "<>", "done").executeTakeFirst()) !== undefined) return undefined;
      const start = { phase: "settle", settled_to: 0, scored_to: "", scored: 0, changed: 0, flipped: 0 };
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

  async shownAfter(scorerId: number, sequence: number, limit: number) {
    const query = this.#db
      .selectFrom("scorer_stamps")
      .select(["account", "seq as sequence", "digest"])
      .where("scorer_id", "=", scorerId)
      .where("seq", ">", sequence);
    return guardPassportDatabase(() => query.orderBy("seq").limit(limit).execute());
  }

  async accountsAfter(scorerId: number, account: string, limit: number): Promise<string[]> {
    const query = sql<{ account: string }>`
      select account from (
        (select distinct account from scorer_stamps where scorer_id = ${scorerId} and account > ${account}
          order by account limit ${limit})
        union
        (select account from scores where scorer_id = ${scorerId} and account > ${account}
          order by account limit ${limit})
      ) as both_kinds order by account limit ${limit}`;
    const { rows } = await guardPassportDatabase(() => query.execute(this.#db));
    return rows.map((row) => row.account);
  }

  advanceRescore(
    before: RescoreState,
    needs: readonly PassportNeed[],
    work: (workspace: PassportWorkspace) => RescoreState,
  ): Promise<RescoreState | undefined> {
    return this.#locked(async (transaction, workspace) => {
      const row = await transaction.selectFrom("rescores").selectAll().where("id", "=", before.id).executeTakeFirst();
      if (row === undefined || JSON.stringify(rescoreFromRow(row)) !== JSON.stringify(before)) return undefined;
      await loadPassports(transaction, workspace, needs, this.#versions);
      const after = work(workspace);
      const {
        phase,
        settledTo: settled_to,
        scoredTo: scored_to,
        scored,
        changed,
        flipped,
        finishedAt: finished_at,
      } = after;
      const columns = { phase, settled_to, scored_to, scored, changed, flipped, finished_at };
      await transaction.updateTable("rescores").set(columns).where("id", "=", before.id).execute();
      return after;
    });
  }
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
  return { sequence, digest, provider, expiresAt, credential: JSON.parse(row.credential) as unknown };
}
