import { sql, type Kysely, type Transaction } from "kysely";

import { parseRules } from "../../scoring/rules/parse-rules.js";
import type { StampScore } from "../../scoring/rules/score.js";
import { SybilError } from "../../sybil/errors.js";
import type { PassportsAt } from "../../sybil/round/passports.js";
import { guardSybilDatabase } from "../database-errors.js";
import { stampsFromRow } from "../passport-rows.js";
import type { Database, ScoreEventsTable } from "../schema.js";

/** Accounts of a statement, which a server ends after ten seconds. */
const CHUNK = 2_000;
/** SQLSTATE: no such table or column, and no right to read one. */
const OTHER_SCHEMA = new Set(["42P01", "42703", "42501"]);

/**
 * What the database knew of a scorer at a time, all of it as of one moment; undefined where the scorer had no version then. History
 * is never changed, so the answer is the same whenever it is asked for after that time. Throws `sybil/unreadable` for a database that
 * is not a passport service's, and `sybil/database-unavailable`.
 */
export async function readPassportsAt(
  db: Kysely<Database>,
  scorer: number,
  time: number,
  accounts: readonly string[],
): Promise<PassportsAt | undefined> {
  const reading = db.transaction().setIsolationLevel("repeatable read");
  try {
    return await guardSybilDatabase(() =>
      reading.execute(async (transaction) => {
        const version = await transaction
          .selectFrom("scorer_versions")
          .select("rules")
          .where("scorer_id", "=", scorer)
          .where("created_at", "<=", time)
          .orderBy("version", "desc")
          .limit(1)
          .executeTakeFirst();
        if (version === undefined) return undefined;
        const stamps = new Map<string, readonly StampScore[]>();
        for (let from = 0; from < accounts.length; from += CHUNK) {
          const rows = await lastScores(transaction, scorer, time, accounts.slice(from, from + CHUNK));
          for (const row of rows) stamps.set(row.account, stampsFromRow(row));
        }
        return { rules: parseRules(JSON.parse(version.rules)), stamps };
      }),
    );
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code === undefined || !OTHER_SCHEMA.has(code)) throw cause;
    throw new SybilError(
      "sybil/unreadable",
      `the database is no passport service's of this release, or may not be read: ${message}`,
      {},
      { cause },
    );
  }
}

/** Of each account that had a score, the newest one until then: one step of an index. */
async function lastScores(
  transaction: Transaction<Database>,
  scorer: number,
  time: number,
  accounts: readonly string[],
): Promise<Pick<ScoreEventsTable, "account" | "stamps" | "breakdown">[]> {
  const { rows } = await sql<Pick<ScoreEventsTable, "account" | "stamps" | "breakdown">>`
    select asked.account, e.stamps, e.breakdown
    from json_array_elements_text(${JSON.stringify(accounts)}::json) as asked (account)
    cross join lateral (
      select stamps, breakdown from score_events
      where scorer_id = ${scorer} and account = asked.account and at <= ${time}
      order by seq desc limit 1) as e`.execute(transaction);
  return rows;
}
