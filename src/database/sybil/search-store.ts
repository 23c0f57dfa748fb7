import { createHash } from "node:crypto";

import { sql, type Kysely } from "kysely";

import type { SaveOutcome, SearchStore } from "../../sybil/queue/ports.js";
import type { NearestSearch, SearchPiece } from "../../sybil/queue/search.js";
import type { Metric } from "../../sybil/dna/nearest.js";
import { guardSybilDatabase } from "../database-errors.js";
import type { Database } from "../schema.js";

/** Bytes of an input in a row: a statement that takes a fraction of a second. */
const PART_BYTES = 4_194_304;

/** Queued searches, in SQL. */
export class DatabaseSearchStore implements SearchStore {
  readonly #db: Kysely<Database>;
  readonly #partBytes: number;

  constructor(db: Kysely<Database>, partBytes = PART_BYTES) {
    this.#db = db;
    this.#partBytes = partBytes;
  }

  async begin({ id, input: hash, metric, blocks }: NearestSearch, input: Buffer, now: number): Promise<void> {
    const row = { id, input: hash, metric, blocks, begun_at: now };
    // First the search, so that nobody who ends another one with this input removes it.
    const insert = this.#db.insertInto("sybil_searches").values(row);
    await guardSybilDatabase(() => insert.onConflict((at) => at.column("id").doUpdateSet(row)).execute());
    const digests = this.#db.selectFrom("sybil_inputs").where("hash", "=", hash);
    const digest = sql<string>`encode(sha256(bytes), 'hex')`.as("digest");
    const there = await guardSybilDatabase(() => digests.select(["part", digest]).execute());
    const known = new Map(there.map((part) => [part.part, part.digest]));
    const parts = Math.ceil(input.length / this.#partBytes);
    for (let part = 0; part < parts; part++) {
      const bytes = input.subarray(part * this.#partBytes, (part + 1) * this.#partBytes);
      if (known.get(part) === createHash("sha256").update(bytes).digest("hex")) continue;
      const write = this.#db.insertInto("sybil_inputs").values({ hash, part, bytes });
      await guardSybilDatabase(() =>
        write.onConflict((at) => at.columns(["hash", "part"]).doUpdateSet({ bytes })).execute(),
      );
    }
    const beyond = this.#db.deleteFrom("sybil_inputs").where("hash", "=", hash).where("part", ">=", parts);
    await guardSybilDatabase(() => beyond.execute());
  }

  async find(id: string): Promise<NearestSearch | undefined> {
    const query = this.#db.selectFrom("sybil_searches").select(["id", "input", "metric", "blocks"]);
    const row = await guardSybilDatabase(() => query.where("id", "=", id).executeTakeFirst());
    return row === undefined ? undefined : { ...row, metric: row.metric as Metric };
  }

  async input(hash: string): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (;;) {
      const query = this.#db.selectFrom("sybil_inputs").select("bytes").where("hash", "=", hash);
      const row = await guardSybilDatabase(() => query.where("part", "=", parts.length).executeTakeFirst());
      if (row === undefined) return Buffer.concat(parts);
      parts.push(Buffer.from(row.bytes));
    }
  }

  async hasBlock({ search, block }: SearchPiece): Promise<boolean> {
    const query = this.#db.selectFrom("sybil_blocks").select("block").where("search", "=", search);
    return (await guardSybilDatabase(() => query.where("block", "=", block).executeTakeFirst())) !== undefined;
  }

  async saveBlock({ search, block }: SearchPiece, input: string, result: Buffer): Promise<SaveOutcome> {
    // The lock keeps the search until the row that refers to it is in.
    const insert = sql`insert into sybil_blocks (search, block, result)
      select id, ${block}::integer, ${result}::bytea from sybil_searches where id = ${search} and input = ${input} for key share
      on conflict do nothing`;
    const { numAffectedRows } = await guardSybilDatabase(() => insert.execute(this.#db));
    if (numAffectedRows === 1n) return "saved";
    const found = await this.find(search);
    if (found === undefined) return "gone";
    if (found.input !== input) return "other-input";
    const query = this.#db.selectFrom("sybil_blocks").select("result").where("search", "=", search);
    const row = await guardSybilDatabase(() => query.where("block", "=", block).executeTakeFirst());
    if (row === undefined) return "gone"; // removed between the statements
    return result.equals(row.result) ? "there" : "differs";
  }

  async results(id: string, except: readonly number[]): Promise<{ block: number; result: Buffer }[]> {
    const all = this.#db.selectFrom("sybil_blocks").select(["block", "result"]).where("search", "=", id);
    const query = except.length === 0 ? all : all.where("block", "not in", except);
    const rows = await guardSybilDatabase(() => query.orderBy("block").execute());
    return rows.map(({ block, result }) => ({ block, result: Buffer.from(result) }));
  }

  async remove(id: string): Promise<void> {
    await this.#remove(sql<boolean>`id = ${id}`);
  }

  async removeBegunBefore(time: number): Promise<void> {
    await this.#remove(sql<boolean>`begun_at < ${time}`);
  }

  /** Who begins a search with the input of the last one that ends at this moment finds it gone, and does all blocks itself. */
  async #remove(which: ReturnType<typeof sql<boolean>>): Promise<void> {
    await guardSybilDatabase(() =>
      this.#db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("sybil_searches").where(which).execute();
        await sql`delete from sybil_inputs where hash not in (select input from sybil_searches)`.execute(transaction);
      }),
    );
  }
}
