import { formatPoints, type Points } from "./points.js";

/** A stored score, as much of it as a read needs. */
export interface StoredScore {
  readonly score: Points;
  readonly sum: Points;
  readonly threshold: Points;
  readonly passing: boolean;
  readonly scoredAt: number;
  readonly expiresAt: number | null;
}

/** What a reader is told at a time. Decimal strings have five places everywhere. */
export interface ScoreReading {
  readonly score: string;
  readonly sum: string;
  readonly threshold: string;
  readonly passing: boolean;
  readonly expired: boolean;
  readonly scoredAt: number;
  readonly expiresAt: number | null;
}

/** A stored score as it stands at `now` (seconds): from its expiry on it does not pass, whatever it was. */
export function readScore(stored: StoredScore, now: number): ScoreReading {
  const expired = stored.expiresAt !== null && now >= stored.expiresAt;
  return {
    score: formatPoints(stored.score),
    sum: formatPoints(stored.sum),
    threshold: formatPoints(stored.threshold),
    passing: stored.passing && !expired,
    expired,
    scoredAt: stored.scoredAt,
    expiresAt: stored.expiresAt,
  };
}
