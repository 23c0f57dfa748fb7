// Our own /v1: points are decimal strings with five places, times are seconds since the epoch.
import type { IssuedBan } from "../../passport/bans.js";
import { formatPoints } from "../../scoring/rules/points.js";
import type { StampScore } from "../../scoring/rules/score.js";
import type { PreparedAnchor, ScoreProof, StoredAnchor } from "../../scoring/service/anchor.js";
import type { ScoreAnswer, StampResult } from "../../scoring/service/passport-service.js";
import type { RescoreState, ScorerSummary, VersionDocument } from "../../scoring/service/ports.js";
import type { ScoreEvent, ScoreRecord, StampEvent } from "../../scoring/service/records.js";

export const scorerToWire = ({ registryId, ...scorer }: ScorerSummary) => ({
  ...scorer,
  registryId: registryId === null ? null : registryId.toString(),
});

export const versionToWire = ({ rules, ...version }: VersionDocument) => ({
  ...version,
  rules: JSON.parse(rules) as unknown,
});

function recordToWire(record: ScoreRecord) {
  return {
    address: record.account,
    scorer: record.scorerId,
    version: record.version,
    rulesHash: record.rulesHash,
    status: record.status,
    error: record.error,
    score: record.status === "ERROR" || record.score === null ? null : formatPoints(record.score),
    sum: formatPoints(record.sum),
    threshold: formatPoints(record.threshold),
    passing: record.passing,
    scoredAt: record.scoredAt,
    expiresAt: record.expiresAt,
    flipsAt: record.flipsAt,
    scale: record.scale,
  };
}

export const scoreToWire = (score: ScoreAnswer) => ({ ...recordToWire(score), expired: score.expired });

const stampToWire = ({ points, ...stamp }: StampScore) => ({ ...stamp, points: formatPoints(points) });

export const explanationToWire = ({ score, events }: { score: ScoreAnswer; events: StampEvent[] }) => ({
  ...scoreToWire(score),
  stamps: score.stamps.map(stampToWire),
  events: events.map(({ sequence, at, type, digest, data }) => ({ sequence, at, type, digest, ...publicData(data) })),
});

/** The provider and the reasons; the stamp itself is in the list of stamps. */
function publicData(data: StampEvent["data"]) {
  const { stamp, provider, status, detail } = data as Record<string, unknown> & { stamp?: { provider: string } };
  return { provider: provider ?? stamp?.provider ?? null, status: status ?? null, detail: detail ?? null };
}

export const eventToWire = ({ sequence, at, cause, ...record }: ScoreEvent, withStamps: boolean) => ({
  sequence,
  at,
  cause,
  ...recordToWire(record),
  ...(withStamps ? { stamps: record.stamps.map(stampToWire) } : {}),
});

export const resultToWire = ({ points, ...result }: StampResult) => ({ ...result, points: formatPoints(points) });

export const banToWire = ({ id, kind, subject, provider, until, reason, author, at }: IssuedBan) => ({
  ...{ id, kind, subject, until, reason, author, at },
  provider: provider ?? null,
});

export const rescoreToWire = ({ settledTo: _s, scoredTo: _t, ...rescore }: RescoreState) => rescore;

/** With both names of the scorer: the service's, and the one that the registry and the leaves have. */
export const anchorToWire = ({ registryId }: ScorerSummary, { scorerId, ...anchor }: StoredAnchor) => ({
  scorer: scorerId,
  registryId: registryId === null ? null : registryId.toString(),
  ...anchor,
});

export const preparedToWire = ({ scorerId, issuedAt, count, deadline, ...anchor }: PreparedAnchor) => ({
  scorerId: scorerId.toString(),
  issuedAt: Number(issuedAt),
  count: Number(count),
  deadline: Number(deadline),
  ...anchor,
});

export const proofToWire = ({ scorerId, expiresAt, ...proof }: ScoreProof) => ({
  scorerId: scorerId.toString(),
  expiresAt: Number(expiresAt),
  ...proof,
});
