// What a transaction on passports loads and writes: a handful of statements however many passports it touches.
import { sql, type RawBuilder, type Transaction } from "kysely";

import type { PassportNeed } from "../scoring/service/ports.js";
import { readVersion, type ScorerVersion } from "../scoring/service/scorer-version.js";
import type { ShownStamp } from "../scoring/service/records.js";
import { PassportWorkspace } from "../scoring/service/workspace.js";
import { loosenNotes, writeNotes } from "./passport-notes.js";
import { writePackedScores } from "./passport-page.js";
import {
  linkFromRow,
  rowFromLink,
  rowFromScore,
  rowFromScoreEvent,
  rowFromStamp,
  rowFromStampEvent,
  scoreFromRow,
  stampFromRow,
} from "./passport-rows.js";
import type { NoticeCache } from "./notice-cache.js";
import type {
  Database,
  LinksTable,
  ScorerStampsTable,
  ScoresTable,
  ScorerVersionsTable,
  StampsTable,
} from "./schema.js";

/** Whoever holds the head's row writes; everybody else waits. So decisions are made on what is really there. */
export async function lockPassports(
  transaction: Transaction<Database>,
  notices: NoticeCache,
): Promise<PassportWorkspace> {
  const head = await transaction.selectFrom("passport_head").selectAll().forUpdate().executeTakeFirstOrThrow();
  return new PassportWorkspace(head.seq, await notices.upTo(head.notice_seq, transaction));
}

/** Versions never change, so each is compiled once per process. */
export class VersionCache {
  readonly #compiled = new Map<string, ScorerVersion>();
  /** Compiles without remembering: of a version that is not stored yet. */
  readonly read: typeof readVersion;

  constructor(read = readVersion) {
    this.read = read;
  }

  get(row: Pick<ScorerVersionsTable, "scorer_id" | "version" | "rules">): ScorerVersion {
    const key = `${row.scorer_id}|${row.version}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const made = this.read({ scorerId: row.scorer_id, version: row.version, rules: row.rules });
    this.#compiled.set(key, made);
    return made;
  }
}

type Passport = Pick<PassportNeed, "scorerId" | "account">;

/** A stamp as it is shown, or none where an account shows nothing. */
type ShownRow = Omit<StampsTable, "seq" | "credential"> & ScorerStampsTable;

export async function loadPassports(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  needs: readonly PassportNeed[],
  versions: Pick<VersionCache, "get">,
): Promise<void> {
  if (needs.length === 0) return;
  await loadVersions(transaction, workspace, needs, versions);
  const passports = distinct(needs);
  const stamps = await loadStamps(transaction, workspace, passports);
  const packed = await loadScores(transaction, workspace, passports);
  const open = new Map<string, Set<string>>();
  for (const { scorerId, account, digest, open: noted } of stamps) {
    const key = `${scorerId}|${account}`;
    if (noted) open.set(key, (open.get(key) ?? new Set()).add(digest));
  }
  for (const { scorerId, account } of passports) {
    const key = `${scorerId}|${account}`;
    workspace.loadPassport({ scorerId, account, packed: packed.has(key), open: open.get(key) ?? new Set() });
  }
  const digests = needs.flatMap(({ arriving = [] }) => arriving.map(({ digest }) => digest));
  await loadRevocations(transaction, workspace, [...digests, ...stamps.map(({ digest }) => digest)]);
  await loadLinks(transaction, workspace, wantedLinks(workspace, needs, stamps));
}

function distinct(needs: readonly PassportNeed[]): Passport[] {
  const found = new Map(needs.map(({ scorerId, account }) => [`${scorerId}|${account}`, { scorerId, account }]));
  return [...found.values()];
}

async function loadVersions(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  needs: readonly PassportNeed[],
  versions: Pick<VersionCache, "get">,
): Promise<void> {
  const rows = await transaction
    .selectFrom("scorers")
    .innerJoin("scorer_versions as v", (join) =>
      join.onRef("v.scorer_id", "=", "scorers.id").onRef("v.version", "=", "scorers.version"),
    )
    .select(["v.scorer_id", "v.version", "v.rules"])
    .where("scorers.id", "in", [...new Set(needs.map(({ scorerId }) => scorerId))])
    .execute();
  for (const row of rows) workspace.loadVersion(versions.get(row));
}

const pairs = (passports: readonly Passport[]) => {
  const rows = passports.map(({ scorerId: scorer_id, account }) => ({ scorer_id, account }));
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as asked (scorer_id bigint, account text)`;
};

async function loadStamps(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  passports: readonly Passport[],
): Promise<{ scorerId: number; account: string; digest: string; linkKeys: readonly string[]; open: boolean }[]> {
  const { rows } = await sql<ShownRow & { open: boolean }>`
    select s.digest, s.account, s.provider, s.issuer, s.form, s.key_version, s.nullifiers, s.link_keys, s.issued_at,
      s.expires_at, e.scorer_id, e.seq, e.refusal, e.refusal_detail, o.seq is not null as open
    from ${pairs(passports)}
    join scorer_stamps e on e.scorer_id = asked.scorer_id and e.account = asked.account
    join stamps s on s.digest = e.digest
    left join open_stamps o on o.scorer_id = e.scorer_id and o.digest = e.digest`.execute(transaction);
  return rows.map((row) => {
    const shown = shownFromRow(row);
    workspace.loadStamp(row.scorer_id, row.account, shown);
    const { account, digest, linkKeys } = shown.stamp;
    return { scorerId: row.scorer_id, account, digest, linkKeys, open: row.open };
  });
}

function shownFromRow(row: Omit<ShownRow, "scorer_id">): ShownStamp {
  const refusal =
    row.refusal === null ? null : { status: row.refusal as "banned", detail: row.refusal_detail as string };
  return { stamp: stampFromRow(row), sequence: row.seq, refusal };
}

async function loadScores(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  passports: readonly Passport[],
): Promise<ReadonlySet<string>> {
  type Row = ScoresTable & { breakdown: Uint8Array | null; packed: boolean };
  const { rows } = await sql<Row>`
    select c.*, e.breakdown, p.account is not null as packed from ${pairs(passports)}
    join scores c on c.scorer_id = asked.scorer_id and c.account = asked.account
    left join score_events e on e.seq = c.seq
    left join packed_passports p on p.scorer_id = c.scorer_id and p.account = c.account`.execute(transaction);
  for (const row of rows) workspace.loadScore(scoreFromRow(row));
  const packed = rows.filter((row) => row.packed);
  return new Set(packed.map((row) => `${row.scorer_id}|${row.account}`));
}

async function loadRevocations(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  digests: readonly string[],
): Promise<void> {
  if (digests.length === 0) return;
  const { rows } = await sql<{ digest: string; reason: string }>`
    select r.digest, r.reason from json_array_elements_text(${JSON.stringify(digests)}::json) as asked (digest)
    join stamp_revocations r on r.digest = asked.digest`.execute(transaction);
  for (const { digest, reason } of rows) workspace.loadRevocation(digest, reason);
}

function wantedLinks(
  workspace: PassportWorkspace,
  needs: readonly PassportNeed[],
  stored: readonly { scorerId: number; linkKeys: readonly string[] }[],
): { scope: string; key: string }[] {
  const arriving = needs.flatMap(({ scorerId, arriving = [] }) =>
    arriving.map(({ linkKeys }) => ({ scorerId, linkKeys })),
  );
  const wanted = new Map<string, { scope: string; key: string }>();
  for (const { scorerId, linkKeys } of [...stored, ...arriving]) {
    const scope = workspace.version(scorerId)?.scope;
    if (scope === undefined) continue;
    for (const key of linkKeys) wanted.set(`${scope}|${key}`, { scope, key });
  }
  return [...wanted.values()];
}

async function loadLinks(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  wanted: readonly { scope: string; key: string }[],
): Promise<void> {
  if (wanted.length === 0) return;
  const { rows } = await sql<LinksTable>`
    select l.* from json_to_recordset(${JSON.stringify(wanted)}::json) as asked (scope text, key text)
    join links l on l.scope = asked.scope and l.key = asked.key`.execute(transaction);
  for (const row of rows) workspace.loadLink(linkFromRow(row));
}

/**
 * Writes what has changed, all in one statement: each is a journey to the server, and everybody waits for this transaction. Each
 * row is written by its key: nothing is ever inserted twice. Foreign keys are checked at the end of the statement.
 */
export async function writePassports(transaction: Transaction<Database>, workspace: PassportWorkspace): Promise<void> {
  const writes: RawBuilder<unknown>[] = [];
  const insert = (table: string, rows: readonly object[], conflict = "") => {
    if (rows.length === 0) return;
    const [name, onConflict] = [sql.raw(table), sql.raw(conflict)];
    writes.push(sql`${sql.raw(`write_${table}`)} as (
      insert into ${name} select * from json_populate_recordset(null::${name}, ${JSON.stringify(rows)}::json) ${onConflict})`);
  };
  const stamps = new Map(workspace.newStamps.map((stamp) => [stamp.stamp.digest, rowFromStamp(stamp)]));
  insert("stamps", [...stamps.values()], "on conflict (digest) do nothing");
  const shown = [...workspace.changedStamps.values()].map(
    ({ scorerId, account, shown: { stamp, sequence, refusal } }) => ({
      scorer_id: scorerId,
      account,
      digest: stamp.digest,
      seq: sequence,
      refusal: refusal?.status ?? null,
      refusal_detail: refusal?.detail ?? null,
    }),
  );
  insert(
    "scorer_stamps",
    shown,
    `on conflict (scorer_id, account, digest) do update set
       seq = excluded.seq, refusal = excluded.refusal, refusal_detail = excluded.refusal_detail`,
  );
  insert(
    "links",
    workspace.changedLinkRows().map(rowFromLink),
    `on conflict (scope, key) do update set
       account = excluded.account, provider = excluded.provider, digest = excluded.digest, since = excluded.since,
       expires_at = excluded.expires_at, release_account = excluded.release_account, release_seq = excluded.release_seq,
       release_free_at = excluded.release_free_at`,
  );
  insert(
    "scores",
    [...workspace.changedScores.values()].map(rowFromScore),
    `on conflict (scorer_id, account) do update set
       seq = excluded.seq, version = excluded.version, rules_hash = excluded.rules_hash, status = excluded.status,
       error = excluded.error, score = excluded.score, sum = excluded.sum, threshold = excluded.threshold,
       passing = excluded.passing, chain_score = excluded.chain_score, scored_at = excluded.scored_at,
       expires_at = excluded.expires_at, flips_at = excluded.flips_at, scale = excluded.scale, stamps = null,
       fingerprint = excluded.fingerprint`,
  );
  insert("stamp_events", workspace.stampEvents.map(rowFromStampEvent));
  insert("score_events", workspace.scoreEvents.map(rowFromScoreEvent));
  // What shared scopes lost is read as it was before this transaction.
  await loosenNotes(transaction, workspace);
  await writeNotes(transaction, workspace);
  await writePackedScores(transaction, workspace.packedScores);
  const before = writes.length === 0 ? sql`` : sql`with ${sql.join(writes)}`;
  await sql`${before} update passport_head set seq = ${workspace.sequence} where id = 1`.execute(transaction);
}
