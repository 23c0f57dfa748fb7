import type { Kysely } from "kysely";

import { readVersion } from "../scoring/service/scorer-version.js";
import type { LogEntry } from "../scoring/service/replay.js";
import { guardPassportDatabase } from "./database-errors.js";
import { banEventFromRow, revocationFromRow, scoreEventFromRow, stampEventFromRow } from "./passport-rows.js";
import type { Database } from "./schema.js";

const PAGE = 2_000;

/** Everything that happened to passports, in the server's sequence, which has no gaps. */
export async function* readPassportLog(db: Kysely<Database>, after = 0): AsyncGenerator<LogEntry> {
  const { seq: end } = await guardPassportDatabase(() =>
    db.selectFrom("passport_head").select("seq").executeTakeFirstOrThrow(),
  );
  for (let from = after; from < end; from += PAGE) yield* await readPage(db, from, Math.min(end, from + PAGE));
}

async function readPage(db: Kysely<Database>, after: number, to: number): Promise<LogEntry[]> {
  const [versions, stamps, scores, bans, revocations] = await guardPassportDatabase(() =>
    Promise.all([
      db.selectFrom("scorer_versions").selectAll().where("seq", ">", after).where("seq", "<=", to).execute(),
      db.selectFrom("stamp_events").selectAll().where("seq", ">", after).where("seq", "<=", to).execute(),
      db.selectFrom("score_events").selectAll().where("seq", ">", after).where("seq", "<=", to).execute(),
      db.selectFrom("ban_events").selectAll().where("seq", ">", after).where("seq", "<=", to).execute(),
      db.selectFrom("issuer_revocations").selectAll().where("seq", ">", after).where("seq", "<=", to).execute(),
    ]),
  );
  const entries: LogEntry[] = [
    ...versions.map((row): LogEntry => {
      const { scorer_id: scorerId, version, rules, seq: sequence } = row;
      return { kind: "version", sequence, version: readVersion({ scorerId, version, rules }) };
    }),
    ...stamps.map((row): LogEntry => ({ kind: "stamp", sequence: row.seq, event: stampEventFromRow(row) })),
    ...scores.map((row): LogEntry => ({ kind: "score", sequence: row.seq, event: scoreEventFromRow(row) })),
    ...bans.map((row): LogEntry => ({ kind: "ban", sequence: row.seq, event: banEventFromRow(row) })),
    ...revocations.map((row): LogEntry => ({ kind: "revocation", sequence: row.seq, event: revocationFromRow(row) })),
  ];
  return entries.sort((a, b) => a.sequence - b.sequence);
}
