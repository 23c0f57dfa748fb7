import type { Kysely } from "kysely";

import type { AnchorRequestStore } from "../scoring/service/anchor-requests.js";
import { guardPassportDatabase } from "./database-errors.js";
import type { Database } from "./schema.js";

/** Who waits for a root, in SQL. */
export class DatabaseAnchorRequestStore implements AnchorRequestStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async requestAnchor(scorerId: number, account: string, at: number): Promise<void> {
    const request = { scorer_id: scorerId, account, requested_at: at };
    const query = this.#db
      .insertInto("anchor_requests")
      .values(request)
      .onConflict((conflict) => conflict.columns(["scorer_id", "account"]).doUpdateSet({ requested_at: at }));
    await guardPassportDatabase(() => query.execute());
  }

  async waiting(scorerId: number, since: number): Promise<number> {
    const query = this.#db
      .selectFrom("anchor_requests")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("scorer_id", "=", scorerId)
      .where("requested_at", ">=", since);
    return Number((await guardPassportDatabase(() => query.executeTakeFirstOrThrow())).count);
  }
}
