import type { VerifiedStamp } from "../passport/verify.js";
import type { Link } from "../scoring/rules/links/link.js";
import type { ScoreEvent, ScoreRecord, StampEvent } from "../scoring/service/records.js";
import type { RescoreState } from "../scoring/service/ports.js";
import type { NewStamp } from "../scoring/service/workspace.js";
import type {
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
    stamps: JSON.stringify(record.stamps),
  };
}

export function rowFromScore(record: ScoreRecord & { sequence: number }): ScoresTable {
  const { scorerId, account, sequence } = record;
  return { scorer_id: scorerId, account, seq: sequence, ...columnsFromScore(record) };
}

export function rowFromScoreEvent(event: ScoreEvent): ScoreEventsTable {
  const { sequence, at, scorerId, account, cause } = event;
  return { seq: sequence, at, scorer_id: scorerId, account, cause, ...columnsFromScore(event) };
}

export function scoreFromRow(row: ScoreColumns & { scorer_id: number; account: string }): ScoreRecord {
  return {
    scorerId: row.scorer_id,
    account: row.account,
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
    stamps: JSON.parse(row.stamps) as ScoreRecord["stamps"],
  };
}

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

export function rescoreFromRow(row: Omit<RescoresTable, "id"> & { id: number }): RescoreState {
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
