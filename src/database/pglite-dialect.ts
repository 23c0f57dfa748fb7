import type { PGlite } from "@electric-sql/pglite";
import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from "kysely";

/**
 * Kysely over PGlite's one session. Kysely's own dialect hands that session to everybody at once, so a statement from
 * outside a transaction would run inside it and vanish with its rollback; here whoever holds the connection holds it alone.
 */
export class PgliteDialect implements Dialect {
  readonly #open: () => Promise<PGlite>;

  constructor(open: () => Promise<PGlite>) {
    this.#open = open;
  }

  createAdapter = () => new PostgresAdapter();
  createQueryCompiler = () => new PostgresQueryCompiler();
  createDriver = (): Driver => new PgliteDriver(this.#open);
  createIntrospector: Dialect["createIntrospector"] = (db) => new PostgresIntrospector(db);
}

class PgliteDriver implements Driver {
  readonly #open: () => Promise<PGlite>;
  #engine: PGlite | undefined;
  #free: Promise<void> = Promise.resolve();
  #release: () => void = () => {};

  constructor(open: () => Promise<PGlite>) {
    this.#open = open;
  }

  async init(): Promise<void> {
    this.#engine = await this.#open();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#free;
    let release = () => {};
    this.#free = new Promise((resolve) => (release = resolve));
    await before;
    this.#release = release;
    return new PgliteConnection(this.#engine as PGlite);
  }

  releaseConnection(): Promise<void> {
    this.#release();
    return Promise.resolve();
  }

  beginTransaction = (connection: DatabaseConnection) => execute(connection, "begin");
  commitTransaction = (connection: DatabaseConnection) => execute(connection, "commit");
  rollbackTransaction = (connection: DatabaseConnection) => execute(connection, "rollback");

  async destroy(): Promise<void> {
    await this.#engine?.close();
  }
}

async function execute(connection: DatabaseConnection, statement: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(statement));
}

class PgliteConnection implements DatabaseConnection {
  readonly #engine: PGlite;

  constructor(engine: PGlite) {
    this.#engine = engine;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (query.parameters.length === 0) return this.#runScript(query.sql);
    const { rows, affectedRows } = await this.#engine.query<Row>(query.sql, [...query.parameters]);
    return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
  }

  /** Without parameters there may be several statements, as on a server; all their rows are the answer. */
  async #runScript<Row>(sql: string): Promise<QueryResult<Row>> {
    const results = await this.#engine.exec(sql);
    const rows = results.flatMap((result) => result.rows as Row[]);
    const affectedRows = results.at(-1)?.affectedRows;
    return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
  }

  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("PGlite does not stream; read in pages");
  }
}
