import { sql, type Kysely } from "kysely";

import type { NonceStore } from "../passport/sign-in.js";
import { Batcher } from "../shared/batcher.js";
import { guardPassportDatabase } from "./database-errors.js";
import type { Database } from "./schema.js";

interface StoredNonce {
  readonly nonce: string;
  readonly expires_at: number;
}

/** Nonces in SQL. Spending deletes a nonce's row: of all that try, one finds it. Calls of one moment share a statement. */
export class DatabaseNonceStore implements NonceStore {
  readonly #db: Kysely<Database>;
  readonly #added: Batcher<StoredNonce, void>;
  readonly #spent: Batcher<{ nonce: string; now: number }, boolean>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
    this.#added = new Batcher((nonces) => this.#addTogether(nonces));
    this.#spent = new Batcher((wanted) => this.#spendTogether(wanted));
  }

  addNonce(nonce: string, expiresAt: number): Promise<void> {
    return this.#added.run({ nonce, expires_at: expiresAt });
  }

  consumeNonce(nonce: string, now: number): Promise<boolean> {
    return this.#spent.run({ nonce, now });
  }

  async purge(now: number): Promise<void> {
    await guardPassportDatabase(() => this.#db.deleteFrom("siwe_nonces").where("expires_at", "<=", now).execute());
  }

  async #addTogether(nonces: StoredNonce[]): Promise<void[]> {
    await guardPassportDatabase(() => this.#db.insertInto("siwe_nonces").values(nonces).execute());
    return nonces.map(() => undefined);
  }

  async #spendTogether(wanted: { nonce: string; now: number }[]): Promise<boolean[]> {
    const query = sql<{ nonce: string }>`
      delete from siwe_nonces n using (
        select nonce, max(now) as now from json_to_recordset(${JSON.stringify(wanted)}::json) as asked (nonce text, now bigint)
        group by nonce
      ) asked where n.nonce = asked.nonce and n.expires_at > asked.now returning n.nonce`;
    const { rows } = await guardPassportDatabase(() => query.execute(this.#db));
    const spent = new Set(rows.map(({ nonce }) => nonce));
    // Of those that came with the same nonce at once, the first has it.
    return wanted.map(({ nonce }) => spent.delete(nonce));
  }
}
