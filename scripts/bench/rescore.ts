// `npm run bench:rescore -- [passports] [--json FILE]`: a whole rescore from the database to a Merkle root, on the PostgreSQL server of
// DATABASE_URL, in a database of its own that is dropped afterwards. Everybody has a score, a new version changes it for all. A
// process of its own is measured, so that its memory is the service's and not that of making the data.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs, promisify } from "node:util";

import pg from "pg";

import { DatabasePassportStore } from "../../src/database/database-passport-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import { DEFAULT_RULES } from "../../src/scoring/rules/default-rules.js";
import { rulesDocument, rulesHash } from "../../src/scoring/rules/scorer-rules.js";
import { canonicalJson } from "../../src/shared/canonical-json.js";
import { Secret } from "../../src/shared/secret.js";
import { FIRST, populate, STAMPS } from "./rescore/population.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, keep: { type: "boolean", default: false } },
});
const passports = Number(positionals[0] ?? 1_000_000);
const server = process.env["DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const name = `touchstone_bench_${process.pid}`;
const url = new URL(server);
url.pathname = `/${name}`;

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function prepare(): Promise<void> {
  const db = await openDatabase({ kind: "server", url: new Secret(url.href) });
  const store = new DatabasePassportStore(db);
  const rules = canonicalJson(rulesDocument(DEFAULT_RULES));
  const version = { rulesHash: rulesHash(DEFAULT_RULES), rules, author: "bench", reason: "first", at: FIRST };
  const id = await store.createScorer({ name: "bench", description: "", owner: "bench" }, version);
  await store.linkRegistry(id, 1n);
  const compiled = await store.version(id);
  await db.destroy();
  if (compiled === undefined) throw new Error("no scorer");
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await populate(client, compiled, passports).finally(() => client.end());
}

console.log(`making ${passports.toLocaleString("en")} passports of ${STAMPS} stamps in ${name}`);
const started = performance.now();
await administer(`create database ${name}`);
try {
  await prepare();
  console.log(`  ${((performance.now() - started) / 1000).toFixed(0)} s`);
  const measured = path.join(import.meta.dirname, "rescore/measure.ts");
  const prefix = process.env["BENCH_PREFIX"]?.split(" ") ?? [];
  const [command = process.execPath, ...rest] = [...prefix, process.execPath, "--import", "tsx", measured, url.href];
  const { stdout } = await promisify(execFile)(command, rest, { maxBuffer: 1 << 26 });
  console.log(stdout.trim());
  if (values.json !== undefined) {
    const { rows } = await ask(`select current_setting('server_version') as version`);
    const engine = `PostgreSQL ${String(rows[0]?.["version"]).split(" ")[0]}`;
    const figures = {
      node: process.version,
      cpu: os.cpus()[0]?.model,
      cores: os.cpus().length,
      engine,
      passports,
      stamps: STAMPS,
    };
    mkdirSync(path.dirname(values.json), { recursive: true });
    writeFileSync(values.json, `${JSON.stringify({ ...figures, ...JSON.parse(stdout) }, null, 2)}\n`);
  }
} finally {
  if (!values.keep) await administer(`drop database if exists ${name} with (force)`);
}

async function ask(statement: string) {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  return client.query<Record<string, unknown>>(statement).finally(() => client.end());
}
