import type { Kysely } from "kysely";

import type { ApiKey, ApiKeyStore, Scope } from "../scoring/service/api-keys.js";
import { guardPassportDatabase } from "./database-errors.js";
import type { Database } from "./schema.js";

/** API keys in SQL, by the hash of their text, and the consents that holders gave them. */
export class DatabaseApiKeyStore implements ApiKeyStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async addKey(key: ApiKey, hash: string): Promise<void> {
    const { id, name, scopes, requestsPerWindow, createdAt, revokedAt } = key;
    const row = { id, hash, name, scopes: JSON.stringify(scopes), requests_per_window: requestsPerWindow };
    const times = { created_at: createdAt, revoked_at: revokedAt };
    await guardPassportDatabase(() =>
      this.#db
        .insertInto("api_keys")
        .values({ ...row, ...times })
        .execute(),
    );
  }

  async findKey(hash: string): Promise<ApiKey | undefined> {
    const query = this.#db.selectFrom("api_keys").selectAll().where("hash", "=", hash);
    const row = await guardPassportDatabase(() => query.executeTakeFirst());
    if (row === undefined) return undefined;
    return {
      id: row.id,
      name: row.name,
      scopes: JSON.parse(row.scopes) as Scope[],
      requestsPerWindow: row.requests_per_window,
      createdAt: row.created_at,
      revokedAt: row.revoked_at,
    };
  }

  async revokeKey(id: string, now: number): Promise<boolean> {
    const query = this.#db.updateTable("api_keys").set({ revoked_at: now }).where("id", "=", id);
    const { numUpdatedRows } = await guardPassportDatabase(() =>
      query.where("revoked_at", "is", null).executeTakeFirst(),
    );
    return numUpdatedRows === 1n;
  }

  async giveConsent(account: string, keyId: string, now: number): Promise<boolean> {
    return guardPassportDatabase(async () => {
      const key = await this.#db.selectFrom("api_keys").select("id").where("id", "=", keyId).executeTakeFirst();
      if (key === undefined) return false;
      const consent = { account, key_id: keyId, given_at: now };
      const query = this.#db.insertInto("consents").values(consent);
      await query.onConflict((conflict) => conflict.doNothing()).execute();
      return true;
    });
  }

  async withdrawConsent(account: string, keyId: string): Promise<void> {
    const query = this.#db.deleteFrom("consents").where("account", "=", account).where("key_id", "=", keyId);
    await guardPassportDatabase(() => query.execute());
  }

  async hasConsent(account: string, keyId: string): Promise<boolean> {
    const query = this.#db.selectFrom("consents").select("account").where("account", "=", account);
    return (await guardPassportDatabase(() => query.where("key_id", "=", keyId).executeTakeFirst())) !== undefined;
  }
}
