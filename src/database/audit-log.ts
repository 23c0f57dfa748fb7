import type { Kysely } from "kysely";

import { guardDatabase } from "./database-errors.js";
import type { ClaimEventsTable, Database } from "./schema.js";

const PAGE = 1_000;

/** Reads the append-only log in order, page by page, after a sequence number. */
async function* readAuditLog(db: Kysely<Database>, after = 0): AsyncGenerator<ClaimEventsTable> {
  for (let last = after; ;) {
    const query = db.selectFrom("claim_events").selectAll().where("seq", ">", last).orderBy("seq").limit(PAGE);
    const rows = await guardDatabase(() => query.execute());
    yield* rows;
    if (rows.length < PAGE) return;
    last = (rows.at(-1) as ClaimEventsTable).seq;
  }
}

/** The log as newline-delimited JSON. `data` stays the text that was hashed, so that anyone can check the chain. */
export async function* exportAuditLog(db: Kysely<Database>, after = 0): AsyncGenerator<string> {
  for await (const row of readAuditLog(db, after)) yield `${JSON.stringify(row)}\n`;
}
