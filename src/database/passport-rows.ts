import type { BanEntry, BanEvent } from "../passport/bans.js";
import type { IssuerRevocation, Revocation } from "../passport/revocations.js";
import type { VerifiedStamp } from "../passport/verify.js";
import type { Link } from "../scoring/rules/links/link.js";
import type { ScoreEvent, ScoreRecord, StampEvent } from "../scoring/service/records.js";
import type { RescoreState } from "../scoring/service/ports.js";
import { packBreakdown, unpackBreakdown } from "../scoring/service/packed/breakdown.js";
import { fingerprintOf } from "../scoring/service/packed/fingerprint.js";
import type { NewStamp } from "../scoring/service/workspace.js";
import type {
  BanEventsTable,
  IssuerRevocationsTable,
  LinksTable,
  RescoresTable,
  ScoreColumns,
  ScoreEventsTable,
  ScoresTable,
  StampEventsTable,
  StampsTable,
} from "./schema.js";

export function stampFromRow(row: Omit<StampsTable, "credential" | "seq">): VerifiedStamp {
  return {
    digest: row.digest,
    form: row.form as VerifiedStamp["form"],
    provider: row.provider,
    account: row.account,
    issuer: row.issuer,
    keyVersion: row.key_version,
    nullifiers: JSON.parse(row.nullifiers) as string[],
    linkKeys: JSON.parse(row.link_keys) as string[],
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
  };
}

export function rowFromStamp({ stamp, sequence, credential }: NewStamp): StampsTable {
  return {
    digest: stamp.digest,
    account: stamp.account,
    provider: stamp.provider,
    issuer: stamp.issuer,
    form: stamp.form,
    key_version: stamp.keyVersion,
    nullifiers: JSON.stringify(stamp.nullifiers),
    link_keys: JSON.stringify(stamp.linkKeys),
    issued_at: stamp.issuedAt,
    expires_at: stamp.expiresAt,
    credential: JSON.stringify(credential),
    seq: sequence,
  };
}

export function linkFromRow(row: LinksTable): Link {
  const { scope, key, account, provider, digest, since, expires_at: expiresAt } = row;
  const release =
    row.release_account === null
      ? null
      : { account: row.release_account, sequence: row.release_seq as number, freeAt: row.release_free_at as number };
  return { scope, key, account, provider, digest, since, expiresAt, release };
}

export function rowFromLink({ release, expiresAt, ...link }: Link): LinksTable {
  return {
    ...link,
    expires_at: expiresAt,
    release_account: release?.account ?? null,
    release_seq: release?.sequence ?? null,
    release_free_at: release?.freeAt ?? null,
  };
}

/** Without the stamps: an event holds them packed. */
function columnsFromScore(record: ScoreRecord): ScoreColumns {
  return {
    version: record.version,
    rules_hash: record.rulesHash,
    status: record.status,
    error: record.error,
    score: record.score,
    sum: record.sum,
    threshold: record.threshold,
    passing: record.passing,
    chain_score: record.chainScore,
    scored_at: record.scoredAt,
    expires_at: record.expiresAt,
    flips_at: record.flipsAt,
    scale: record.scale,
    stamps: null,
  };
}

/** The other way round. */
export function scoreFromColumns(row: ScoreColumns) {
  return {
    version: row.version,
    rulesHash: row.rules_hash,
    status: row.status as ScoreRecord["status"],
    error: row.error,
    score: row.score,
    sum: row.sum,
    threshold: row.threshold,
    passing: row.passing,
    chainScore: row.chain_score,
    scoredAt: row.scored_at,
    expiresAt: row.expires_at,
    flipsAt: row.flips_at,
    scale: row.scale,
  };
}

/** A byte string as JSON carries it to the database. */
type Hex<T> = { [K in keyof T]: Uint8Array extends T[K] ? string : T[K] };
const hex = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;

export function rowFromScore(record: ScoreRecord & { sequence: number }): Hex<ScoresTable> {
  const { scorerId, account, sequence } = record;
  const fingerprint = hex(fingerprintOf(record, packBreakdown(record.stamps)));
  return { scorer_id: scorerId, account, seq: sequence, ...columnsFromScore(record), fingerprint };
}

export function rowFromScoreEvent(event: ScoreEvent): Hex<ScoreEventsTable> {
  const { sequence, at, scorerId, account, cause } = event;
  const breakdown = hex(packBreakdown(event.stamps));
  return { seq: sequence, at, scorer_id: scorerId, account, cause, ...columnsFromScore(event), breakdown };
}

/** A score with its stamps; those of a current score are in the event that made it so. */
export function scoreFromRow(
  row: ScoreColumns & { scorer_id: number; account: string; breakdown: Uint8Array | null },
): ScoreRecord {
  return {
    scorerId: row.scorer_id,
    account: row.account,
    ...scoreFromColumns(row),
    stamps: stampsFromRow(row),
  };
}

/** What became of each stamp: packed, or JSON in rows of an older schema. */
export const stampsFromRow = (row: Pick<ScoreEventsTable, "stamps" | "breakdown">): ScoreRecord["stamps"] =>
  row.breakdown === null ? (JSON.parse(row.stamps ?? "[]") as ScoreRecord["stamps"]) : unpackBreakdown(row.breakdown);

export function scoreEventFromRow(row: ScoreEventsTable): ScoreEvent {
  return { ...scoreFromRow(row), sequence: row.seq, at: row.at, cause: row.cause as ScoreEvent["cause"] };
}

export function rowFromStampEvent(event: StampEvent): StampEventsTable {
  const { sequence: seq, scorerId: scorer_id, data, ...rest } = event;
  return { ...rest, seq, scorer_id, data: JSON.stringify(data) };
}

export function stampEventFromRow(row: StampEventsTable): StampEvent {
  const { seq: sequence, scorer_id: scorerId, type, data, at, account, digest } = row;
  const parsed = JSON.parse(data) as StampEvent["data"];
  return { sequence, scorerId, at, account, digest, type: type as StampEvent["type"], data: parsed };
}

export function banEventFromRow(row: BanEventsTable): BanEvent {
  const { seq: sequence, at, author, reason, ban, kind, subject, provider, until } = row;
  const event = { sequence, at, author, reason };
  if (ban !== null) return { ...event, type: "lifted", ban };
  const entry = { kind: kind as BanEntry["kind"], subject: subject as string, until, reason };
  return { ...event, type: "banned", entry: provider === null ? entry : { ...entry, provider } };
}

export function rowFromBanEvent(event: BanEvent): BanEventsTable {
  const { sequence: seq, at, type, author, reason } = event;
  const nothing = { ban: null, kind: null, subject: null, provider: null, until: null };
  if (event.type === "lifted") return { seq, at, type, author, reason, ...nothing, ban: event.ban };
  const { kind, subject, provider = null, until } = event.entry;
  return { seq, at, type, author, reason, ...nothing, kind, subject, provider, until };
}

export function revocationFromRow(row: IssuerRevocationsTable): IssuerRevocation {
  const { seq: sequence, at, issuer, list, kind, value, revoked_at: revokedAt, reason } = row;
  return { sequence, at, issuer, list, entry: { kind: kind as Revocation["kind"], value, revokedAt, reason } };
}

export function rowFromRevocation({
  sequence: seq,
  at,
  issuer,
  list,
  entry,
}: IssuerRevocation): IssuerRevocationsTable {
  const { kind, value, revokedAt: revoked_at, reason } = entry;
  return { seq, at, issuer, list, kind, value, revoked_at, reason };
}

export function rescoreFromRow(row: Omit<RescoresTable, "id" | "scope"> & { id: number }): RescoreState {
  return {
    id: row.id,
    scorerId: row.scorer_id,
    phase: row.phase as RescoreState["phase"],
    settledTo: row.settled_to,
    scoredTo: row.scored_to,
    scored: row.scored,
    changed: row.changed,
    flipped: row.flipped,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
