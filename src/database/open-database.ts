import { mkdir } from "node:fs/promises";

import { PGlite } from "@electric-sql/pglite";
import { Kysely, PostgresDialect } from "kysely";
import { Migrator } from "kysely/migration";
import pg from "pg";

import type { Secret } from "../shared/secret.js";
import { lockFolder } from "./folder-lock.js";
import { migrations } from "./migrations.js";
import { PgliteDialect } from "./pglite-dialect.js";
import type { Database } from "./schema.js";

/** Where the data lives: a PostgreSQL server, a folder of our own (PGlite), or nowhere (PGlite in memory, for tests). */
export type DatabaseLocation =
  | { readonly kind: "server"; readonly url: Secret; readonly connections?: number }
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "memory" };

const BIGINT = 20;
const NUMERIC = 1700;

/** Opens the database and brings its schema up to date. Several processes may do so at once on a server. */
export async function openDatabase(location: DatabaseLocation): Promise<Kysely<Database>> {
  const db = await connectDatabase(location);
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

/** Opens the database as it is: nothing is brought up to date, so on a server the right to read is enough. */
export const connectDatabase = async (location: DatabaseLocation): Promise<Kysely<Database>> =>
  new Kysely<Database>({ dialect: await dialect(location) });

async function dialect(location: DatabaseLocation): Promise<PostgresDialect | PgliteDialect> {
  if (location.kind === "server") {
    const types = { getTypeParser: typeParser } as unknown as pg.CustomTypesConfig;
    const pool = new pg.Pool({
      connectionString: location.url.expose(),
      max: location.connections ?? 8,
      types,
      connectionTimeoutMillis: 5_000,
      // A statement that hangs (a cut cable, a stuck lock) becomes an error instead of a request without end.
      statement_timeout: 10_000,
      query_timeout: 15_000,
    });
    // A connection that dies, idle or in the middle of a transaction, fails the statements that need it; the pool opens
    // another. Without listeners the event itself would end the process.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    return new PostgresDialect({ pool });
  }
  const unlock = location.kind === "folder" ? await prepareFolder(location.folder) : () => Promise.resolve();
  return new PgliteDialect(async () => {
    const engine = await PGlite.create({
      ...(location.kind === "folder" ? { dataDir: location.folder } : {}),
      parsers: { [BIGINT]: Number, [NUMERIC]: String },
    });
    const close = engine.close.bind(engine);
    engine.close = async () => {
      await close();
      await unlock();
    };
    return engine;
  });
}

async function prepareFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  return lockFolder(folder);
}

function typeParser(oid: number, format?: "text" | "binary") {
  if (oid === BIGINT) return Number;
  if (oid === NUMERIC) return String;
  return format === undefined ? pg.types.getTypeParser(oid) : pg.types.getTypeParser(oid, format as "text");
}
