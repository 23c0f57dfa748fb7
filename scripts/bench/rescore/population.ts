// A community as the service would have left it after a million submissions, made without its million signatures: every row that a
// rescore reads or writes, by the formulas below, once in SQL (rows of stamps and links) and once here (scores and packed rows).
//
// Passport `i` shows ten stamps of ten providers. One stamp in fifty shows evidence that an earlier account holds. Addresses and
// digests are hashes, so the order of accounts has nothing to do with the order in which they lie on the disk.
import { createHash } from "node:crypto";

import type { Client } from "pg";

import { asciiArray, byteaArray, int8Array } from "../../../src/database/binary-array.js";
import { scorable } from "../../../src/scoring/assemble.js";
import { explainDuplicate } from "../../../src/scoring/rules/links/explain.js";
import type { ScorableStamp } from "../../../src/scoring/rules/score.js";
import { packBreakdown } from "../../../src/scoring/service/packed/breakdown.js";
import { fingerprintOf } from "../../../src/scoring/service/packed/fingerprint.js";
import { packPassport } from "../../../src/scoring/service/packed/passport.js";
import { recordOf, type ShownStamp } from "../../../src/scoring/service/records.js";
import type { ScorerVersion } from "../../../src/scoring/service/scorer-version.js";

export const STAMPS = 10;
/** When everybody was scored the first time. */
export const FIRST = 1_800_000_000;
const LIFETIME = 7_776_000;
const ISSUER = "did:ethr:0x1111111111111111111111111111111111111111";
export const ISSUERS = { format: "touchstone-issuers-v1", issuers: [{ did: ISSUER }] };
const BATCH = 5_000;

const sha = (text: string) => createHash("sha256").update(text).digest();
const accountOf = (i: number) => `0x${sha(`account ${i}`).toString("hex", 0, 20)}`;
/** Whose evidence stamp `n` shows: its own, or that of an earlier one. */
const evidenceOf = (n: number) => {
  if (n < 1_000 || n % 50 !== 7) return n;
  const other = (n * 7_919) % (n - 100);
  return other % 50 === 7 ? other + 1 : other;
};

const TABLES = ["stamps", "scorer_stamps", "links", "scores", "score_events", "packed_passports", "open_stamps"];

/** Fills an empty database that has the scorer; indices are made at the end, as a restore would. */
export async function populate(client: Client, version: ScorerVersion, passports: number): Promise<void> {
  const providers = [...version.rules.weights.keys()];
  await client.query("set maintenance_work_mem = '1GB'; set work_mem = '256MB'; set synchronous_commit = off");
  const rebuild = await dropIndices(client);
  await insertStamps(client, providers, passports * STAMPS);
  for (let from = 0; from < passports; from += BATCH) {
    await insertScores(client, version, providers, from, Math.min(passports, from + BATCH), passports);
  }
  for (const statement of rebuild) await client.query(statement);
  await client.query("update passport_head set seq = $1", [firstSequence(passports) + passports]);
  await client.query("vacuum analyze");
  await client.query("checkpoint");
}

/** The scorer's version has the first number of the sequence, then come the stamps, then the scores. */
const firstSequence = (passports: number) => 2 + passports * STAMPS;

async function dropIndices(client: Client): Promise<string[]> {
  const names = TABLES.map((table) => `'${table}'::regclass`).join();
  const constraints = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass as table, conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where conrelid in (${names}) and contype in ('p', 'u', 'f') order by contype = 'f' desc`,
  );
  for (const { table, name } of constraints.rows) await client.query(`alter table ${table} drop constraint ${name}`);
  const indices = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid in (${names})`,
  );
  for (const { name } of indices.rows) await client.query(`drop index ${name}`);
  return [
    ...constraints.rows
      .toReversed()
      .map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
    ...indices.rows.map(({ definition }) => definition),
  ];
}

async function insertStamps(client: Client, providers: readonly string[], total: number): Promise<void> {
  const list = providers.map((provider) => `'${provider}'`).join();
  const evidence = `(case when n < 1000 or n % 50 <> 7 then n
    when (n * 7919) % (n - 100) % 50 = 7 then (n * 7919) % (n - 100) + 1 else (n * 7919) % (n - 100) end)`;
  await client.query(`
    create unlogged table source as
    select n, '0x' || substr(encode(sha256(('account ' || n / ${STAMPS})::bytea), 'hex'), 1, 40) as account,
      '0x' || encode(sha256(('digest ' || n)::bytea), 'hex') as digest,
      (array[${list}])[1 + ((n / ${STAMPS}) * 7 + (n % ${STAMPS}) * 5) % ${providers.length}] as provider,
      'v1:' || encode(sha256(('nullifier ' || ${evidence})::bytea), 'base64') as nullifier, ${evidence} = n as own,
      ${FIRST} + 1 + (get_byte(sha256(('digest ' || n)::bytea), 0) * 65536 + get_byte(sha256(('digest ' || n)::bytea), 1) * 256
        + get_byte(sha256(('digest ' || n)::bytea), 2)) % ${LIFETIME} as expires_at
    from generate_series(0::bigint, ${total - 1}::bigint) as n`);
  await client.query(`
    insert into stamps select digest, account, provider, '${ISSUER}', 'touchstone', 0, '["' || nullifier || '"]',
      '["${ISSUER}/' || nullifier || '"]', expires_at - ${LIFETIME}, expires_at, '{}', n + 2 from source`);
  await client.query(`insert into scorer_stamps select 1, account, digest, n + 2, null, null from source`);
  await client.query(`
    insert into open_stamps select 1, digest, n + 2, account, provider, expires_at, '["${ISSUER}/' || nullifier || '"]'
    from source where not own`);
  await client.query(`
    insert into links select 'scorer:1', '${ISSUER}/' || nullifier, account, provider, digest, ${FIRST}, expires_at, null, null, null
    from source where own`);
  await client.query("drop table source");
}

function stampOf(n: number, providers: readonly string[]): ShownStamp {
  const i = Math.floor(n / STAMPS);
  const digest = sha(`digest ${n}`);
  const nullifier = `v1:${sha(`nullifier ${evidenceOf(n)}`).toString("base64")}`;
  const expiresAt = FIRST + 1 + (digest.readUIntBE(0, 3) % LIFETIME);
  const stamp = {
    digest: `0x${digest.toString("hex")}`,
    form: "touchstone" as const,
    provider: providers[(i * 7 + (n % STAMPS) * 5) % providers.length] as string,
    account: accountOf(i),
    issuer: ISSUER,
    keyVersion: 0,
    nullifiers: [nullifier],
    linkKeys: [`${ISSUER}/${nullifier}`],
    issuedAt: expiresAt - LIFETIME,
    expiresAt,
  };
  return { stamp, sequence: n + 2, refusal: null };
}

function scorableOf(n: number, shown: ShownStamp, providers: readonly string[]): ScorableStamp {
  const other = evidenceOf(n);
  if (other === n) return scorable(shown.stamp, { status: "held" });
  const { account, provider, digest, expiresAt, linkKeys } = stampOf(other, providers).stamp;
  const link = {
    scope: "",
    key: linkKeys[0] as string,
    account,
    provider,
    digest,
    since: FIRST,
    expiresAt,
    release: null,
  };
  return scorable(shown.stamp, { status: "duplicate", dedup: explainDuplicate(link) });
}

async function insertScores(
  client: Client,
  version: ScorerVersion,
  providers: readonly string[],
  from: number,
  to: number,
  passports: number,
): Promise<void> {
  const rows = Array.from({ length: to - from }, (_, at) => {
    const i = from + at;
    const numbers = Array.from({ length: STAMPS }, (_, k) => i * STAMPS + k);
    const shown = numbers.map((n) => stampOf(n, providers));
    const scorables = numbers.map((n, k) => scorableOf(n, shown[k] as ShownStamp, providers));
    const record = recordOf(1, accountOf(i), 1, version.scorer.score(scorables, FIRST));
    const breakdown = packBreakdown(record.stamps);
    const own = new Set(numbers.filter((n) => evidenceOf(n) === n).map((n) => n + 2));
    const packed = packPassport(shown, ({ sequence }) => own.has(sequence));
    if (packed === undefined) throw new Error("a passport cannot be packed");
    return {
      record,
      breakdown,
      packed,
      fingerprint: fingerprintOf(record, breakdown),
      seq: firstSequence(passports) + i,
    };
  });
  const numbers = (pick: (row: (typeof rows)[number]) => number | null) => int8Array(rows.map(pick));
  const columns = [
    numbers(({ seq }) => seq),
    asciiArray(rows.map(({ record }) => record.account)),
    numbers(({ record }) => record.score),
    numbers(({ record }) => record.sum),
    numbers(({ record }) => record.threshold),
    numbers(({ record }) => (record.passing ? 1 : 0)),
    numbers(({ record }) => record.chainScore),
    numbers(({ record }) => record.expiresAt),
    numbers(({ record }) => record.flipsAt),
  ];
  const arrays = `unnest($1::bigint[]) as seq, unnest($2::text[]) as account, unnest($3::bigint[]) as score,
    unnest($4::bigint[]) as sum, unnest($5::bigint[]) as threshold, unnest($6::bigint[]) = 1 as passing,
    unnest($7::bigint[]) as chain_score, unnest($8::bigint[]) as expires_at, unnest($9::bigint[]) as flips_at`;
  const common = `1, '${version.rulesHash}', 'DONE', n.score, n.sum, n.threshold, n.passing, n.chain_score, ${FIRST}, n.expires_at,
    n.flips_at`;
  const names = `version, rules_hash, status, score, sum, threshold, passing, chain_score, scored_at, expires_at, flips_at`;
  await client.query(
    `insert into score_events (seq, at, scorer_id, account, cause, ${names}, breakdown)
     select n.seq, ${FIRST}, 1, n.account, 'submitted', ${common}, n.packed
     from (select ${arrays}, unnest($10::bytea[]) as packed) n`,
    [...columns, byteaArray(rows.map(({ breakdown }) => breakdown))],
  );
  await client.query(
    `insert into scores (scorer_id, account, seq, ${names}, fingerprint)
     select 1, n.account, n.seq, ${common}, n.packed from (select ${arrays}, unnest($10::bytea[]) as packed) n`,
    [...columns, byteaArray(rows.map(({ fingerprint }) => fingerprint))],
  );
  await client.query(`insert into packed_passports select 1, unnest($1::text[]), unnest($2::bytea[])`, [
    asciiArray(rows.map(({ record }) => record.account)),
    byteaArray(rows.map(({ packed }) => packed)),
  ]);
}
