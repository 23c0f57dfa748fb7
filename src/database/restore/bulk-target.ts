// A database while it is filled: one session, statements and COPY.
import { PGlite } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import pg from "pg";

import { lockFolder } from "../folder-lock.js";
import { migrations } from "../migrations.js";
import { openDatabase, type DatabaseLocation } from "../open-database.js";
import { PgliteDialect } from "../pglite-dialect.js";
import type { Database } from "../schema.js";
import type { CopyRows } from "./copy-text.js";

export interface BulkTarget {
  run<Row>(statement: string): Promise<Row[]>;
  /** Writes the rows that wait. */
  copy(rows: CopyRows): Promise<void>;
  close(): Promise<void>;
}

/** Brings the schema up to date and opens the one session that fills it. */
export async function openBulkTarget(location: Exclude<DatabaseLocation, { kind: "memory" }>): Promise<BulkTarget> {
  if (location.kind === "folder") return openFolder(location.folder);
  await (await openDatabase(location)).destroy();
  return openServer(location.url.expose());
}

async function openFolder(folder: string): Promise<BulkTarget> {
  const unlock = await lockFolder(folder);
  try {
    const engine = await PGlite.create({ dataDir: folder });
    await migrate(engine);
    // Memory that the engine took it never gives back, and its sorts may spill into files.
    await engine.exec("set maintenance_work_mem = '64MB'; set work_mem = '16MB'");
    return {
      run: async <Row>(statement: string) => {
        const results = await engine.exec(statement);
        return (results.at(-1)?.rows ?? []) as Row[];
      },
      copy: async (rows) => {
        const blob = new Blob([rows.take() as Buffer<ArrayBuffer>]);
        await engine.query(`copy ${rows.target} from '/dev/blob'`, [], { blob });
      },
      close: async () => {
        await engine.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Through the engine that stays: a second one would take half a gigabyte more. */
async function migrate(engine: PGlite): Promise<void> {
  const db = new Kysely<Database>({ dialect: new PgliteDialect(() => Promise.resolve(engine)) });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function openServer(connectionString: string): Promise<BulkTarget> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  // Without a listener a cut connection would end the process; the statement under way fails of itself.
  client.on("error", () => {});
  await client.connect();
  await client.query("set maintenance_work_mem = '256MB'; set work_mem = '64MB'");
  return {
    run: async <Row>(statement: string) => {
      const result = (await client.query(statement)) as pg.QueryResult | pg.QueryResult[];
      const last = Array.isArray(result) ? result.at(-1) : result;
      return (last?.rows ?? []) as Row[];
    },
    copy: (rows) =>
      new Promise((resolve, reject) => {
        const query = new CopyQuery(`copy ${rows.target} from stdin`, rows.take(), (error) =>
          error === null || error === undefined ? resolve() : reject(error),
        );
        client.query(query);
      }),
    close: () => client.end(),
  };
}

/** What the driver calls when the server waits for the rows. */
interface CopyConnection {
  sendCopyFromChunk(bytes: Buffer): void;
  endCopyFrom(): void;
}

/** A COPY whose rows are in memory. The driver has the messages for it and leaves their use to queries. */
class CopyQuery extends pg.Query {
  readonly #rows: Buffer;

  constructor(statement: string, rows: Buffer, done: (error: Error | null | undefined) => void) {
    super({ text: statement } as never, undefined as never, done as never);
    this.#rows = rows;
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#rows);
    connection.endCopyFrom();
  }
}
