import type { Kysely } from "kysely";

import type { ScoreTree } from "../passport/onchain/score-tree.js";
import type { AnchorableScore, AnchorStore, StoredAnchor } from "../scoring/service/anchor.js";
import { guardPassportDatabase } from "./database-errors.js";
import type { Database } from "./schema.js";

const PAGE = 20_000;

const COLUMNS = [
  "scorer_id",
  "version",
  "number",
  "root",
  "issued_at",
  "threshold",
  "definition",
  "rules_hash",
  "count",
  "uri",
  "deadline",
  "signature",
] as const;

/** Anchored trees in SQL: each is two byte strings, read and written as a whole. */
export class DatabaseAnchorStore implements AnchorStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  readScores(scorerId: number, visit: (score: AnchorableScore) => void): Promise<void> {
    return guardPassportDatabase(() =>
      // One snapshot for all pages: a person who moves between two pages would be missed or met twice.
      this.#db
        .transaction()
        .setIsolationLevel("repeatable read")
        .execute(async (transaction) => {
          for (let last = ""; ;) {
            const rows = await transaction
              .selectFrom("scores")
              .select(["account", "chain_score as score", "expires_at as expiresAt", "version", "status"])
              .where("scorer_id", "=", scorerId)
              .where("account", ">", last)
              .orderBy("account")
              .limit(PAGE)
              .execute();
            rows.forEach(visit);
            if (rows.length < PAGE) return;
            last = rows.at(-1)?.account ?? "";
          }
        }),
    );
  }

  async anchor(scorerId: number, number?: number): Promise<StoredAnchor | undefined> {
    let query = this.#db.selectFrom("anchors").select(COLUMNS).where("scorer_id", "=", scorerId);
    if (number !== undefined) query = query.where("number", "=", number);
    const row = await guardPassportDatabase(() => query.orderBy("number", "desc").limit(1).executeTakeFirst());
    if (row === undefined) return undefined;
    const { scorer_id, issued_at: issuedAt, rules_hash: rulesHash, ...rest } = row;
    return { ...rest, scorerId: scorer_id, issuedAt, rulesHash };
  }

  async tree({ scorerId, number, count, root }: StoredAnchor): Promise<ScoreTree> {
    const query = this.#db
      .selectFrom("anchors")
      .select(["leaves", "nodes"])
      .where("scorer_id", "=", scorerId)
      .where("number", "=", number);
    const { leaves, nodes } = await guardPassportDatabase(() => query.executeTakeFirstOrThrow());
    return { count, root, leaves, nodes };
  }

  async saveAnchor(anchor: StoredAnchor, { leaves, nodes }: ScoreTree, replaces?: string | null): Promise<boolean> {
    const { scorerId: scorer_id, issuedAt: issued_at, rulesHash: rules_hash, ...rest } = anchor;
    // Byte strings go as Buffers: the driver would send any other view as text.
    const bytes = { leaves: Buffer.from(leaves), nodes: Buffer.from(nodes) };
    const row = { ...rest, scorer_id, issued_at, rules_hash, ...bytes };
    const query = this.#db
      .insertInto("anchors")
      .values(row)
      .onConflict((conflict) => {
        const same = conflict.columns(["scorer_id", "number"]);
        if (replaces === null) return same.doNothing();
        const update = same.doUpdateSet(row);
        return replaces === undefined ? update : update.where("anchors.root", "=", replaces);
      });
    const { numInsertedOrUpdatedRows = 0n } = await guardPassportDatabase(() => query.executeTakeFirst());
    return numInsertedOrUpdatedRows > 0n;
  }
}
