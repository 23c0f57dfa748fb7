import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import pg from "pg";

import { type DatabaseLocation } from "../../src/database/open-database.js";
import { Secret } from "../../src/shared/secret.js";

const SERVER = process.env["TOUCHSTONE_TEST_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/test";

/** A database of one test file's own; `drop` leaves nothing behind. */
export interface TestDatabase {
  readonly location: DatabaseLocation;
  /** The same, as the environment of a child process. */
  readonly environment: Record<string, string>;
  drop(): Promise<void>;
}

export interface TestEngine {
  readonly name: "PGlite" | "PostgreSQL";
  create(): Promise<TestDatabase>;
}

const pglite: TestEngine = {
  name: "PGlite",
  async create() {
    const parent = await mkdtemp(path.join(tmpdir(), "touchstone-"));
    const folder = path.join(parent, "database");
    return {
      location: { kind: "folder", folder },
      environment: { CLAIMS_DATA: folder },
      drop: () => rm(parent, { recursive: true, force: true }),
    };
  },
};

const postgres: TestEngine = {
  name: "PostgreSQL",
  async create() {
    const name = `touchstone_${process.pid}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 8)}`;
    await administer(`create database ${name}`);
    const url = new URL(SERVER);
    url.pathname = `/${name}`;
    return {
      location: { kind: "server", url: new Secret(url.href) },
      environment: { DATABASE_URL: url.href },
      drop: () => administer(`drop database if exists ${name} with (force)`),
    };
  },
};

/** Runs one statement on the test server, outside of the tests' own databases. */
export async function administer(statement: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(statement, values);
  } finally {
    await client.end();
  }
}

async function findServer(): Promise<string | undefined> {
  try {
    await administer("select 1");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message || (error as { code?: string }).code || "no answer" : String(error);
  }
}

const missing = await findServer();
if (missing !== undefined) {
  const place = SERVER.replace(/\/\/[^@/]*@/, "//");
  const message = `The PostgreSQL half of the tests does not run: ${place} gives "${missing}".`;
  if (process.env["CI"] === "true") throw new Error(`${message} On CI it must.`);
  console.warn(`\n  ${message}\n  Set TOUCHSTONE_TEST_DATABASE_URL to a server where databases may be created.\n`);
}

/** The engines that tests run on: PGlite always, PostgreSQL where a server answers. */
export const engines: readonly TestEngine[] = missing === undefined ? [pglite, postgres] : [pglite];
