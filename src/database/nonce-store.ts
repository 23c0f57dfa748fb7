import type { Kysely } from "kysely";

import type { NonceStore } from "../passport/sign-in.js";
import { guardPassportDatabase } from "./database-errors.js";
import type { Database } from "./schema.js";

/** Nonces in SQL. Spending one is one statement that deletes its row: of all that try, one finds it. */
export class DatabaseNonceStore implements NonceStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async addNonce(nonce: string, expiresAt: number): Promise<void> {
    const query = this.#db.insertInto("siwe_nonces").values({ nonce, expires_at: expiresAt });
    await guardPassportDatabase(() => query.execute());
  }

  async consumeNonce(nonce: string, now: number): Promise<boolean> {
    const query = this.#db.deleteFrom("siwe_nonces").where("nonce", "=", nonce).where("expires_at", ">", now);
    const { numDeletedRows } = await guardPassportDatabase(() => query.executeTakeFirst());
    return numDeletedRows === 1n;
  }

  async purge(now: number): Promise<void> {
    await guardPassportDatabase(() => this.#db.deleteFrom("siwe_nonces").where("expires_at", "<=", now).execute());
  }
}
