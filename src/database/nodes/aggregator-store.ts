import type { Kysely } from "kysely";

import { certificateFromJson, certificateToJson } from "../../certificates/certificate-json.js";
import type { Certificate } from "../../certificates/certificate.js";
import { entityKey } from "../../certificates/entity.js";
import type { OpenMessage } from "../../certificates/open-message.js";
import { openMessageFromJson, openMessageToJson } from "../../nodes/aggregator/open-message-json.js";
import type { AggregatorStore, SendOutcome } from "../../nodes/aggregator/ports.js";
import { NodeError } from "../../nodes/protocol/errors.js";
import { signatureFromJson, signatureToJson, type SignatureMessage } from "../../nodes/protocol/signature-message.js";
import { guardPassportDatabase } from "../database-errors.js";
import type { Database } from "../schema.js";

/** A certificate as lists show it. */
export interface StoredCertificate {
  /** Order of arrival. */
  readonly sequence: number;
  readonly certificate: Certificate;
  /** What became of it on the chain; null while it is not sent. */
  readonly outcome: SendOutcome | null;
}

export interface Participation {
  readonly steward: string;
  readonly software: string;
  readonly messages: number;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
}

/** An aggregator's messages, signatures and certificates in SQL. Every method is one statement, or one transaction. */
export class DatabaseAggregatorStore implements AggregatorStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async open(message: OpenMessage): Promise<void> {
    const { key, entity, openedAt, expiresAt } = message;
    const document = JSON.stringify(openMessageToJson(message));
    const row = {
      key,
      epoch: Number(entity.epoch),
      opened_at: openedAt,
      expires_at: expiresAt,
      document,
      closed: null,
    };
    // A message that was given up may be opened again: its signatures are still there.
    const { document: again, opened_at, expires_at, closed } = row;
    await guardPassportDatabase(() =>
      this.#db
        .insertInto("open_messages")
        .values(row)
        .onConflict((on) =>
          on
            .column("key")
            .doUpdateSet({ document: again, opened_at, expires_at, closed })
            .where("open_messages.closed", "=", "expired"),
        )
        .execute(),
    );
  }

  async openMessages(): Promise<OpenMessage[]> {
    const query = this.#db.selectFrom("open_messages").select("document").where("closed", "is", null);
    const rows = await guardPassportDatabase(() => query.orderBy("opened_at").orderBy("key").execute());
    return rows.map(({ document }) => openMessageFromJson(JSON.parse(document)));
  }

  async close(key: string, reason: "expired" | "epoch-over"): Promise<void> {
    const query = this.#db.updateTable("open_messages").set({ closed: reason }).where("key", "=", key);
    await guardPassportDatabase(() => query.where("closed", "is", null).execute());
  }

  async saveSignature(signature: SignatureMessage, at: number): Promise<boolean> {
    const { message, steward, epoch, software } = signature;
    const document = JSON.stringify(signatureToJson(signature));
    const row = { message, steward, epoch: Number(epoch), software, document, received_at: at };
    return guardPassportDatabase(() =>
      this.#db.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto("single_signatures")
          .values(row)
          .onConflict((on) => on.columns(["message", "steward"]).doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 1n) return true;
        const mine = transaction.selectFrom("single_signatures").select("document").where("message", "=", message);
        const held = await mine.where("steward", "=", steward).forUpdate().executeTakeFirstOrThrow();
        const united = unite(signatureFromJson(JSON.parse(held.document)), signature);
        if (united === undefined) return false;
        const update = transaction.updateTable("single_signatures").set({ document: JSON.stringify(united) });
        await update.where("message", "=", message).where("steward", "=", steward).execute();
        return true;
      }),
    );
  }

  async signature(message: string, steward: string): Promise<SignatureMessage | undefined> {
    const query = this.#db.selectFrom("single_signatures").select("document").where("message", "=", message);
    const row = await guardPassportDatabase(() => query.where("steward", "=", steward).executeTakeFirst());
    return row === undefined ? undefined : signatureFromJson(JSON.parse(row.document));
  }

  async signatures(message: string): Promise<SignatureMessage[]> {
    const query = this.#db.selectFrom("single_signatures").select("document").where("message", "=", message);
    const rows = await guardPassportDatabase(() => query.orderBy("steward").execute());
    return rows.map(({ document }) => signatureFromJson(JSON.parse(document)));
  }

  async countSigned(epoch: bigint, steward: string): Promise<number> {
    const query = this.#db.selectFrom("single_signatures").select((expression) => expression.fn.countAll().as("count"));
    const mine = query.where("epoch", "=", Number(epoch)).where("steward", "=", steward);
    return Number((await guardPassportDatabase(() => mine.executeTakeFirstOrThrow())).count);
  }

  /** Who signed how many messages of an epoch in time, when last, and with which software, the latest first. */
  async participation(epoch: bigint): Promise<Participation[]> {
    const query = this.#db
      .selectFrom("single_signatures")
      .select(["steward", "software"])
      .select((expression) => [expression.fn.countAll().as("messages"), expression.fn.max("received_at").as("last_at")])
      .where("epoch", "=", Number(epoch))
      .groupBy(["steward", "software"]);
    const rows = await guardPassportDatabase(() => query.orderBy("last_at", "desc").orderBy("software").execute());
    return rows.map(({ steward, software, messages, last_at }) => {
      return { steward, software, messages: Number(messages), lastAt: Number(last_at) };
    });
  }

  async saveCertificate(certificate: Certificate): Promise<void> {
    const { hash, epoch, content } = certificate;
    const signed = content.kind === "multisignature" ? content.entity : undefined;
    const entity = signed === undefined ? null : entityKey(signed);
    const row = {
      hash,
      epoch: Number(epoch),
      kind: signed?.kind ?? "genesis",
      entity,
      block: signed?.kind === "scores" ? Number(signed.block) : null,
      document: JSON.stringify(certificateToJson(certificate)),
      // A genesis certificate repeats what the registry says: there is nothing to send.
      outcome: signed === undefined ? "anchored" : null,
    };
    await guardPassportDatabase(() =>
      this.#db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("certificates")
          .values(row)
          .onConflict((on) => on.doNothing())
          .execute();
        if (entity === null) return;
        await transaction.updateTable("open_messages").set({ closed: "certified" }).where("key", "=", entity).execute();
      }),
    );
  }

  async certificate(hash: string): Promise<Certificate | undefined> {
    const query = this.#db.selectFrom("certificates").select("document").where("hash", "=", hash);
    return parse(await guardPassportDatabase(() => query.executeTakeFirst()));
  }

  firstOf(epoch: bigint): Promise<Certificate | undefined> {
    return this.#first(epoch, ["scores", "stake-distribution"]);
  }

  genesisOf(epoch: bigint): Promise<Certificate | undefined> {
    return this.#first(epoch, ["genesis"]);
  }

  async isCertified(entity: string): Promise<boolean> {
    const query = this.#db.selectFrom("certificates").select("hash").where("entity", "=", entity);
    return (await guardPassportDatabase(() => query.executeTakeFirst())) !== undefined;
  }

  async lastSnapshotBlock(epoch: bigint): Promise<bigint> {
    const query = this.#db.selectFrom("certificates").select((expression) => expression.fn.max("block").as("block"));
    const row = await guardPassportDatabase(() => query.where("epoch", "=", Number(epoch)).executeTakeFirst());
    return row?.block === null || row?.block === undefined ? -1n : BigInt(row.block);
  }

  async unsent(): Promise<Certificate[]> {
    const query = this.#db.selectFrom("certificates").select("document").where("outcome", "is", null);
    const rows = await guardPassportDatabase(() => query.orderBy("sequence").execute());
    return rows.map((row) => parse(row) as Certificate);
  }

  async markSent(hash: string, outcome: SendOutcome): Promise<void> {
    const query = this.#db.updateTable("certificates").set({ outcome }).where("hash", "=", hash);
    await guardPassportDatabase(() => query.execute());
  }

  async stored(hash: string): Promise<StoredCertificate | undefined> {
    const query = this.#db.selectFrom("certificates").select(["sequence", "document", "outcome"]);
    const row = await guardPassportDatabase(() => query.where("hash", "=", hash).executeTakeFirst());
    return row === undefined ? undefined : storedCertificate(row);
  }

  /** The genesis certificate of the last chain that began. */
  async lastGenesis(): Promise<StoredCertificate | undefined> {
    const query = this.#db.selectFrom("certificates").select(["sequence", "document", "outcome"]);
    const last = query.where("kind", "=", "genesis").orderBy("epoch", "desc").limit(1);
    const row = await guardPassportDatabase(() => last.executeTakeFirst());
    return row === undefined ? undefined : storedCertificate(row);
  }

  /** How many certificates wait to be sent, and how many the registry refuses. */
  async countOutcomes(): Promise<{ readonly unsent: number; readonly refused: number }> {
    const query = this.#db
      .selectFrom("certificates")
      .select("outcome")
      .select((expression) => expression.fn.countAll().as("count"))
      .where((expression) => expression.or([expression("outcome", "is", null), expression("outcome", "=", "refused")]))
      .groupBy("outcome");
    const rows = await guardPassportDatabase(() => query.execute());
    const of = (outcome: string | null) => Number(rows.find((row) => row.outcome === outcome)?.count ?? 0);
    return { unsent: of(null), refused: of("refused") };
  }

  /** Newest first; `before` is a sequence, `epoch` limits to one epoch. */
  async certificates(page: { before?: number; epoch?: bigint; limit: number }): Promise<StoredCertificate[]> {
    let query = this.#db.selectFrom("certificates").select(["sequence", "document", "outcome"]);
    if (page.before !== undefined) query = query.where("sequence", "<", page.before);
    if (page.epoch !== undefined) query = query.where("epoch", "=", Number(page.epoch));
    const rows = await guardPassportDatabase(() => query.orderBy("sequence", "desc").limit(page.limit).execute());
    return rows.map(storedCertificate);
  }

  /** Forgets signatures and messages of epochs before one. Certificates are the chain and stay. */
  async prune(before: bigint): Promise<void> {
    await guardPassportDatabase(() =>
      this.#db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("single_signatures").where("epoch", "<", Number(before)).execute();
        await transaction.deleteFrom("open_messages").where("epoch", "<", Number(before)).execute();
      }),
    );
  }

  async #first(epoch: bigint, kinds: readonly string[]): Promise<Certificate | undefined> {
    const query = this.#db.selectFrom("certificates").select("document").where("epoch", "=", Number(epoch));
    const first = query.where("kind", "in", kinds).orderBy("sequence").limit(1);
    return parse(await guardPassportDatabase(() => first.executeTakeFirst()));
  }
}

function storedCertificate(row: { sequence: number; document: string; outcome: string | null }): StoredCertificate {
  const { sequence, outcome } = row;
  return { sequence, outcome: outcome as StoredCertificate["outcome"], certificate: parse(row) as Certificate };
}

/** The indices of both; undefined when the second has none that the first has not. */
function unite(held: SignatureMessage, { signature }: SignatureMessage): object | undefined {
  const indexes = new Set(held.signature.indexes);
  const before = indexes.size;
  for (const index of signature.indexes) indexes.add(index);
  if (indexes.size === before) return undefined;
  const united = [...indexes].sort((a, b) => a - b);
  return signatureToJson({ ...held, signature: { ...held.signature, indexes: united } });
}

/** A stored document that cannot be read is damage, not bad input: the node must not go on over it. */
function parse(row: { document: string } | undefined): Certificate | undefined {
  if (row === undefined) return undefined;
  try {
    return certificateFromJson(JSON.parse(row.document), "stored certificate");
  } catch (cause) {
    throw new NodeError("nodes/store-damaged", "A stored certificate cannot be read; restore the database", {
      fate: "stop",
      cause,
    });
  }
}
