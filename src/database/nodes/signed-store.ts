import type { Kysely } from "kysely";

import { entityKey, type Entity } from "../../certificates/entity.js";
import { NodeError } from "../../nodes/protocol/errors.js";
import { signatureFromJson, signatureToJson, type SignatureMessage } from "../../nodes/protocol/signature-message.js";
import type { SignedStore } from "../../nodes/signer/ports.js";
import { guardPassportDatabase } from "../database-errors.js";
import type { Database } from "../schema.js";

/** What a signer signed, in SQL. The first signature about an entity is the only one, whatever runs twice. */
export class DatabaseSignedStore implements SignedStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Throws `nodes/store-damaged` when the database holds another steward's signatures: two signers on one database would each take
   * for signed what the other one signed.
   */
  async requireSteward(steward: string): Promise<void> {
    const query = this.#db.selectFrom("signed_entities").select("document").where("document", "is not", null);
    for (const { document } of await guardPassportDatabase(() => query.execute())) {
      const { steward: owner } = signatureFromJson(JSON.parse(document as string));
      if (owner === steward) continue;
      const message = `The database holds the signatures of ${owner}; give the signer of ${steward} one of its own`;
      throw new NodeError("nodes/store-damaged", message, { fate: "stop" });
    }
  }

  async isSettled(entity: string): Promise<boolean> {
    const query = this.#db.selectFrom("signed_entities").select("entity").where("entity", "=", entity);
    return (await guardPassportDatabase(() => query.executeTakeFirst())) !== undefined;
  }

  async signed(entity: string): Promise<SignatureMessage | undefined> {
    const query = this.#db.selectFrom("signed_entities").select("document").where("entity", "=", entity);
    const row = await guardPassportDatabase(() => query.executeTakeFirst());
    const document = row?.document ?? null;
    return document === null ? undefined : signatureFromJson(JSON.parse(document));
  }

  async passOver(entity: Entity): Promise<void> {
    await this.#insert(entityKey(entity), entity.epoch, null);
  }

  save(signature: SignatureMessage): Promise<boolean> {
    return this.#insert(signature.entity, signature.epoch, JSON.stringify(signatureToJson(signature)));
  }

  async unpublished(epoch: bigint): Promise<{ signature: SignatureMessage; publishers: readonly string[] }[]> {
    const query = this.#db.selectFrom("signed_entities").select(["document", "published"]);
    const mine = query.where("epoch", "=", Number(epoch)).where("document", "is not", null);
    const rows = await guardPassportDatabase(() => mine.orderBy("entity").execute());
    return rows.map(({ document, published }) => {
      return {
        signature: signatureFromJson(JSON.parse(document as string)),
        publishers: JSON.parse(published) as string[],
      };
    });
  }

  async published(entity: string, publisher: string): Promise<void> {
    await guardPassportDatabase(() =>
      this.#db.transaction().execute(async (transaction) => {
        const query = transaction.selectFrom("signed_entities").select("published").where("entity", "=", entity);
        const row = await query.forUpdate().executeTakeFirst();
        if (row === undefined) return;
        const names = new Set(JSON.parse(row.published) as string[]).add(publisher);
        const published = JSON.stringify([...names].sort());
        await transaction.updateTable("signed_entities").set({ published }).where("entity", "=", entity).execute();
      }),
    );
  }

  async prune(before: bigint): Promise<void> {
    const query = this.#db.deleteFrom("signed_entities").where("epoch", "<", Number(before));
    await guardPassportDatabase(() => query.execute());
  }

  async lastSnapshotBlock(epoch: bigint): Promise<bigint> {
    const query = this.#db.selectFrom("signed_entities").select((expression) => expression.fn.max("block").as("block"));
    const row = await guardPassportDatabase(() => query.where("epoch", "=", Number(epoch)).executeTakeFirst());
    return row?.block === null || row?.block === undefined ? -1n : BigInt(row.block);
  }

  async #insert(entity: string, epoch: bigint, document: string | null): Promise<boolean> {
    const [kind, , block] = entity.startsWith("scores-") ? entity.split("-") : [];
    const row = {
      entity,
      epoch: Number(epoch),
      block: kind === undefined ? null : Number(block),
      document,
      published: "[]",
    };
    const query = this.#db.insertInto("signed_entities").values(row);
    const { numInsertedOrUpdatedRows } = await guardPassportDatabase(() =>
      query.onConflict((on) => on.column("entity").doNothing()).executeTakeFirst(),
    );
    return numInsertedOrUpdatedRows === 1n;
  }
}
