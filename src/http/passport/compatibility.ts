// The shapes that integrators of the ecosystem's API read: /v2, and /registry before it. Nothing is added to them; what is new is
// under /v1.
import { canonicalPoints, formatPoints, POINT, type Points } from "../../scoring/rules/points.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";
import type { ScoreAnswer } from "../../scoring/service/passport-service.js";
import { keccakHex } from "../../shared/keccak.js";

export interface ScoreV2 {
  readonly address: string;
  readonly score: string | null;
  readonly passing_score: boolean;
  readonly last_score_timestamp: string | null;
  readonly expiration_timestamp: string | null;
  readonly threshold: string;
  readonly error: string | null;
  readonly stamps: Record<string, StampV2>;
}

/** A score as /registry tells it. */
export interface ScoreV1 {
  readonly address: string;
  /** Nine decimals; 1 or 0 of a binary scorer. */
  readonly score: string | null;
  readonly status: "DONE" | "ERROR";
  readonly last_score_timestamp: string;
  readonly expiration_date: string | null;
  readonly evidence: {
    readonly type: "ThresholdScoreCheck";
    readonly success: boolean;
    readonly rawScore: string;
    readonly threshold: string;
  } | null;
  readonly error: string | null;
  readonly stamp_scores: Record<string, string>;
}

interface StampV2 {
  readonly score: string;
  readonly dedup: boolean;
  readonly expiration_date: string;
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** A score as /v2 tells it. An error has no score, least of all zero. */
export function scoreToV2(score: ScoreAnswer, withStamps: boolean): ScoreV2 {
  const failed = score.status === "ERROR";
  return {
    address: score.account,
    score: failed ? null : formatPoints(score.sum),
    passing_score: !failed && score.passing,
    last_score_timestamp: iso(score.scoredAt),
    expiration_timestamp: score.expiresAt === null ? null : iso(score.expiresAt),
    threshold: formatPoints(score.threshold),
    error: failed ? score.error : null,
    stamps: withStamps && !failed ? stampsToV2(score) : {},
  };
}

const nineDecimals = (points: Points) => `${canonicalPoints(points)}00000`;

/** `mode` is that of the scorer's rules; stamps are for those who may see them. */
export function scoreToV1(score: ScoreAnswer, mode: ScorerRules["mode"], withStamps: boolean): ScoreV1 {
  const failed = score.status === "ERROR";
  const { sum, threshold, passing } = score;
  const binary = mode === "binary" && !failed;
  const check = { type: "ThresholdScoreCheck" as const, success: passing };
  return {
    address: score.account,
    score: failed ? null : nineDecimals(mode === "weighted" ? sum : passing ? POINT : 0),
    status: score.status,
    last_score_timestamp: iso(score.scoredAt),
    expiration_date: score.expiresAt === null ? null : iso(score.expiresAt),
    evidence: binary ? { ...check, rawScore: formatPoints(sum), threshold: formatPoints(threshold) } : null,
    error: failed ? score.error : null,
    stamp_scores: withStamps && !failed ? pointsByProvider(score) : {},
  };
}

function pointsByProvider({ stamps }: ScoreAnswer): Record<string, string> {
  const counted = stamps.filter(({ status }) => status === "counted" || status === "capped");
  return Object.fromEntries(counted.map(({ provider, points }) => [provider, formatPoints(points)]));
}

/** What /registry lets an account sign. */
export const registryMessage = (nonce: string): string =>
  `I hereby agree to submit my address in order to score my associated Gitcoin Passport from Ceramic.\n\nNonce: ${nonce}\n`;

/** The ecosystem's API scores strangers on the spot, and they have nothing. */
export function unscoredToV2(account: string, rules: ScorerRules): ScoreV2 {
  return {
    address: account,
    score: formatPoints(0),
    passing_score: false,
    last_score_timestamp: null,
    expiration_timestamp: null,
    threshold: formatPoints(rules.threshold),
    error: null,
    stamps: {},
  };
}

/** Counted stamps, and those that somebody else's account holds. */
function stampsToV2({ stamps }: ScoreAnswer): Record<string, StampV2> {
  const shown = stamps.filter(
    ({ status, dedup }) => status === "counted" || status === "capped" || dedup !== undefined,
  );
  const found = new Map<string, StampV2>();
  for (const { provider, points, dedup, expiresAt } of shown) {
    if (found.get(provider)?.dedup === false) continue;
    const stamp = { score: formatPoints(points), dedup: dedup !== undefined, expiration_date: iso(expiresAt) };
    found.set(provider, stamp);
  }
  return Object.fromEntries(found);
}

/** Platforms with their stamps; the groups of the default rules are the platforms. */
export function metadataToV2(rules: ScorerRules) {
  return [...rules.groups].map(([id, { providers }]) => ({
    id,
    icon: "",
    name: id,
    description: "",
    connectMessage: "",
    groups: [
      {
        name: id,
        stamps: providers.map((name) => ({ name, description: name, hash: keccakHex(name) })),
      },
    ],
  }));
}

/** Where a page of stamps goes on: base64url of the JSON {d, id}. */
export interface StampCursor {
  readonly d: "next" | "prev";
  readonly id: number;
}

export const writeCursor = (cursor: StampCursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url");

/** Reads a cursor of ours; undefined for anything else. */
export function readCursor(token: string): StampCursor | undefined {
  try {
    const value = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as Partial<StampCursor> | null;
    const { d, id } = value ?? {};
    if ((d !== "next" && d !== "prev") || !Number.isSafeInteger(id) || (id as number) < 0) return undefined;
    return { d, id: id as number };
  } catch {
    return undefined;
  }
}
