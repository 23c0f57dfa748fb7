// The pages of a rescore: thousands of accounts or stamps a transaction, in a handful of statements that the server answers from
// its indices in order.
import { sql, type Kysely, type Transaction } from "kysely";

import { invariant } from "../shared/errors.js";
import type { OpenStamp, PageEntry, ScoringPage, StoredPassport } from "../scoring/service/ports.js";
import type { ScorerVersion } from "../scoring/service/scorer-version.js";
import type { PackedScore, PassportWorkspace } from "../scoring/service/workspace.js";
import { asciiArray, byteaArray, int8Array } from "./binary-array.js";
import { linkFromRow } from "./passport-rows.js";
import { loadPassports, type VersionCache } from "./passport-transaction.js";
import type { Database, LinksTable, OpenStampsTable, ScorerVersionsTable } from "./schema.js";

/** A scorer in a page's transaction. */
export interface ScorerOfPage {
  readonly scorerId: number;
  readonly version: ScorerVersion;
  readonly scope: string;
  /** Whether what is noted of stamps may be believed. */
  readonly noted: boolean;
}

/** Loads the newest version of a scorer that must be there. */
export async function loadPageScorer(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  scorerId: number,
  versions: VersionCache,
): Promise<ScorerOfPage> {
  const { rows } = await sql<Pick<ScorerVersionsTable, "scorer_id" | "version" | "rules"> & { settled_scope: string }>`
    select v.scorer_id, v.version, v.rules, s.settled_scope from scorers s
    join scorer_versions v on v.scorer_id = s.id and v.version = s.version where s.id = ${scorerId}`.execute(
    transaction,
  );
  const row = rows[0];
  invariant(row !== undefined, `there is no scorer ${scorerId}`);
  const version = versions.get(row);
  workspace.loadVersion(version);
  // What is noted is of today; a round asks for the time of its close.
  const noted = row.settled_scope === version.scope && version.rules.round === null;
  return { scorerId, version, scope: version.scope, noted };
}

/** The next stamps that have links to meet, in the order of acceptance, and their links. */
export async function loadSettlingPage(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  scorer: ScorerOfPage,
  page: { readonly after: number; readonly limit: number },
): Promise<OpenStamp[]> {
  const { scorerId, scope, noted } = scorer;
  const all = sql`
    select e.digest, e.seq, e.account, e.refusal is not null as refused, s.provider, s.expires_at, s.link_keys
    from (
      select * from scorer_stamps e where e.scorer_id = ${scorerId} and e.seq > ${page.after} order by e.seq limit ${page.limit}
    ) e join stamps s on s.digest = e.digest order by e.seq`;
  const open = sql`
    select digest, seq, account, false as refused, provider, expires_at, link_keys from open_stamps
    where scorer_id = ${scorerId} and seq > ${page.after} order by seq limit ${page.limit}`;
  const { rows } = await sql<Omit<OpenStampsTable, "scorer_id"> & { refused: boolean }>`${noted ? open : all}`.execute(
    transaction,
  );
  const stamps = rows.map(({ seq: sequence, expires_at: expiresAt, link_keys: linkKeys, ...row }) => {
    return { ...row, sequence, expiresAt, linkKeys: JSON.parse(linkKeys) as string[] };
  });
  const keys = stamps.filter(({ refused }) => !refused).flatMap(({ linkKeys }) => linkKeys);
  await loadKeys(transaction, workspace, scope, keys);
  return stamps;
}

async function loadKeys(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  scope: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const { rows } = await sql<LinksTable>`
    select l.* from unnest(${asciiArray([...new Set(keys)])}::text[]) as asked (key)
    join links l on l.scope = ${scope} and l.key = asked.key`.execute(transaction);
  for (const row of rows) workspace.loadLink(linkFromRow(row));
}

/** The next accounts with a score, in order, as far as their packed rows can say. */
export async function readScoringPage(
  db: Kysely<Database>,
  { scorerId, version, noted }: ScorerOfPage,
  page: ScoringPage,
  after: string,
): Promise<PageEntry[]> {
  type Row = Omit<StoredPassport, "fingerprint" | "packed"> & { fingerprint: Uint8Array; packed: Uint8Array };
  const { rows } = await sql<Row>`
    select c.account, c.status, c.passing, c.fingerprint, p.packed from scores c
    left join packed_passports p on p.scorer_id = c.scorer_id and p.account = c.account
    where c.scorer_id = ${scorerId} and c.account > ${after} order by c.account limit ${page.limit}`.execute(db);
  return rows.map((row) => {
    if (!noted) return { account: row.account, prepared: null };
    const stored = { ...row, fingerprint: bufferOf(row.fingerprint), packed: bufferOf(row.packed) };
    return { account: row.account, prepared: page.prepare(version, stored) };
  });
}

const bufferOf = (bytes: Uint8Array | null): Buffer | null =>
  bytes === null || Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Loads what a page's accounts need beside what was read: links of the prepared ones, everything of the others. */
export async function completeScoringPage(
  transaction: Transaction<Database>,
  workspace: PassportWorkspace,
  { scorerId, scope, noted }: ScorerOfPage,
  read: {
    readonly entries: readonly PageEntry[];
    readonly after: string;
    readonly whole: ReadonlySet<string>;
  },
  versions: VersionCache,
): Promise<PageEntry[]> {
  const last = read.entries.at(-1);
  if (last === undefined) return [];
  const revoked = noted ? await newlyRevoked(transaction, scorerId, read.after, last.account) : new Set();
  const entries = read.entries.map((entry): PageEntry => {
    const { account } = entry;
    return revoked.has(account) || read.whole.has(account) ? { account, prepared: null } : entry;
  });
  const needs = entries.filter(({ prepared }) => prepared === null).map(({ account }) => ({ scorerId, account }));
  await loadPassports(transaction, workspace, needs, versions);
  const keys = entries.flatMap(({ prepared }) => prepared?.linkKeys ?? []);
  await loadKeys(transaction, workspace, scope, keys);
  return entries;
}

/** Accounts that show a stamp which an operator has revoked and no score has heard of. */
async function newlyRevoked(
  transaction: Transaction<Database>,
  scorerId: number,
  after: string,
  to: string,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ account: string }>`
    select e.account from stamp_revocations r join scorer_stamps e on e.digest = r.digest
    where e.scorer_id = ${scorerId} and e.refusal is null and e.account > ${after} and e.account <= ${to}`.execute(
    transaction,
  );
  return new Set(rows.map(({ account }) => account));
}

/** Writes a page's scores, of one scorer, version and moment, and their lines of history. */
export async function writePackedScores(
  transaction: Transaction<Database>,
  scores: readonly PackedScore[],
): Promise<void> {
  const [first, last] = [scores[0], scores.at(-1)];
  if (first === undefined || last === undefined) return;
  const { scorerId, version, rulesHash, threshold, scoredAt } = first.record;
  const same = scores.every(({ record }) => record.version === version && record.scoredAt === scoredAt);
  invariant(same, "a page's scores are of one version and moment");
  const numbers = (pick: (score: PackedScore) => number | null) => int8Array(scores.map(pick));
  const accounts = asciiArray(scores.map(({ record }) => record.account));
  const columns = {
    seq: numbers(({ sequence }) => sequence),
    score: numbers(({ record }) => record.score),
    sum: numbers(({ record }) => record.sum),
    passing: numbers(({ record }) => (record.passing ? 1 : 0)),
    chain: numbers(({ record }) => record.chainScore),
    expires: numbers(({ record }) => record.expiresAt),
    flips: numbers(({ record }) => record.flipsAt),
    scale: numbers(({ record }) => record.scale),
  };
  // Functions in the list of columns are read row by row; in the list of tables they would be stored first.
  await sql`
    insert into score_events (seq, at, scorer_id, account, cause, version, rules_hash, status, error, score, sum, threshold,
      passing, chain_score, scored_at, expires_at, flips_at, scale, breakdown)
    select unnest(${columns.seq}::bigint[]), ${first.at}, ${scorerId}, unnest(${accounts}::text[]), ${first.cause}, ${version},
      ${rulesHash}, 'DONE', null, unnest(${columns.score}::bigint[]), unnest(${columns.sum}::bigint[]), ${threshold},
      unnest(${columns.passing}::bigint[]) = 1, unnest(${columns.chain}::bigint[]), ${scoredAt},
      unnest(${columns.expires}::bigint[]), unnest(${columns.flips}::bigint[]), unnest(${columns.scale}::bigint[]),
      unnest(${byteaArray(scores.map(({ breakdown }) => breakdown))}::bytea[])`.execute(transaction);
  // The bounds say what the join cannot: that all rows lie side by side in the index.
  await sql`
    update scores c set seq = n.seq, version = ${version}, rules_hash = ${rulesHash}, status = 'DONE', error = null,
      score = n.score, sum = n.sum, threshold = ${threshold}, passing = n.passing = 1, chain_score = n.chain,
      scored_at = ${scoredAt}, expires_at = n.expires, flips_at = n.flips, scale = n.scale, stamps = null,
      fingerprint = n.fingerprint
    from (select unnest(${accounts}::text[]) as account, unnest(${columns.seq}::bigint[]) as seq,
      unnest(${columns.score}::bigint[]) as score, unnest(${columns.sum}::bigint[]) as sum,
      unnest(${columns.passing}::bigint[]) as passing, unnest(${columns.chain}::bigint[]) as chain,
      unnest(${columns.expires}::bigint[]) as expires, unnest(${columns.flips}::bigint[]) as flips,
      unnest(${columns.scale}::bigint[]) as scale,
      unnest(${byteaArray(scores.map(({ fingerprint }) => fingerprint))}::bytea[]) as fingerprint) n
    where c.scorer_id = ${scorerId} and c.account = n.account and c.account >= ${first.record.account}
      and c.account <= ${last.record.account}`.execute(transaction);
}
