import { createHash } from "node:crypto";

import type { ClaimEvent } from "../claims/claim-record.js";
import type { ClaimEventsTable } from "./schema.js";

/** The hash before the first event. */
export const FIRST_HASH = "0".repeat(64);

/**
 * Links an event to its predecessor: the SHA-256, hex, of the JSON array [seq, at, type, userId, data, previousHash],
 * where data is the text as stored. Changing or removing an old event breaks every later link.
 */
export function linkEvent(previous: { seq: number; hash: string }, event: ClaimEvent): ClaimEventsTable {
  const seq = previous.seq + 1;
  const data = JSON.stringify(event.data, Object.keys(event.data).sort());
  const row = { seq, at: event.at, type: event.type, user_id: event.userId, data, previous_hash: previous.hash };
  return { ...row, hash: eventHash(row) };
}

function eventHash(row: Omit<ClaimEventsTable, "hash">): string {
  const content = JSON.stringify([row.seq, row.at, row.type, row.user_id, row.data, row.previous_hash]);
  return createHash("sha256").update(content).digest("hex");
}

/** The first sequence number whose link is broken, or `undefined` for an unbroken chain. */
export function findBrokenLink(rows: readonly ClaimEventsTable[], after = { seq: 0, hash: FIRST_HASH }) {
  let previous = after;
  for (const row of rows) {
    if (row.seq !== previous.seq + 1 || row.previous_hash !== previous.hash || row.hash !== eventHash(row)) {
      return row.seq;
    }
    previous = row;
  }
  return undefined;
}
