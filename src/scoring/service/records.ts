// What is stored of passports, as the domain knows it.
import type { Refusal, VerifiedStamp } from "../../passport/verify.js";
import type { PassportScore, StampScore } from "../rules/score.js";
import type { Points } from "../rules/points.js";

/** A stamp that an account shows to a scorer. */
export interface ShownStamp {
  readonly stamp: VerifiedStamp;
  /** Server sequence of its acceptance: it orders claims to nullifiers. */
  readonly sequence: number;
  /** Set when the stamp no longer verifies. */
  readonly refusal: Refusal | null;
}

/** The newest score of an account, or what the last good run left when the newest failed. */
export interface ScoreRecord {
  readonly scorerId: number;
  readonly account: string;
  readonly version: number;
  readonly rulesHash: string;
  readonly status: "DONE" | "ERROR";
  /** Why the newest run failed. */
  readonly error: string | null;
  /** Null before the first run that succeeded. */
  readonly score: Points | null;
  readonly sum: Points;
  readonly threshold: Points;
  readonly passing: boolean;
  readonly chainScore: Points;
  /** Seconds since the epoch, as all times. */
  readonly scoredAt: number;
  readonly expiresAt: number | null;
  readonly flipsAt: number | null;
  readonly scale: number | null;
  readonly stamps: readonly StampScore[];
}

/** Why a score was computed. */
export type ScoreCause = "submitted" | "released" | "revoked" | "banned" | "ban-lifted" | "rescored";

/** A line of a score's history. */
export interface ScoreEvent extends ScoreRecord {
  readonly sequence: number;
  readonly at: number;
  readonly cause: ScoreCause;
}

export type StampEventType =
  /** A scorer has taken the stamp; the data hold it. */
  | "accepted"
  /** A stamp was sent and not taken; the data say why. */
  | "declined"
  /** A stamp that was taken no longer verifies. */
  | "refused"
  /** A refused stamp verifies again. */
  | "restored"
  /** The holder let go of it. */
  | "released"
  /** A settlement gave it nullifiers that had become free, or filled in an owner's. */
  | "claimed"
  /** A score was computed, did not change, and links did. */
  | "settled"
  /** An operator revoked a credential, whoever shows it: of no scorer (0) and no account (""). */
  | "revoked";

/** A line of the stamps' history. */
export interface StampEvent {
  readonly sequence: number;
  readonly at: number;
  readonly type: StampEventType;
  readonly scorerId: number;
  readonly account: string;
  readonly digest: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A run's result as it is stored. */
export function recordOf(
  scorerId: number,
  account: string,
  version: number,
  { rulesHash, sum, threshold, score, passing, chainScore, scoredAt, expiresAt, flipsAt, scale, stamps }: PassportScore,
): ScoreRecord {
  return {
    scorerId,
    account,
    version,
    rulesHash,
    status: "DONE",
    error: null,
    score,
    sum,
    threshold,
    passing,
    chainScore,
    scoredAt,
    expiresAt,
    flipsAt,
    scale,
    stamps,
  };
}

/** Whether two records say the same, whenever they were computed. */
export function sameScore(a: ScoreRecord, b: ScoreRecord): boolean {
  return JSON.stringify({ ...a, scoredAt: 0 }) === JSON.stringify({ ...b, scoredAt: 0 });
}
