// One entry of the log as a snapshot holds it. Texts that the database keeps as JSON stay text: they are hashed, not understood.
import type { BanEvent } from "../passport/bans.js";
import type { CompactCredential } from "../passport/credential/compact.js";
import type { IssuerRevocation } from "../passport/revocations.js";
import type { VerifiedStamp } from "../passport/verify.js";
import type { ScoreCause, StampEventType } from "../scoring/service/records.js";

/** A scorer's new version; the first one brings the scorer itself. */
export interface VersionRecord {
  readonly kind: "version";
  readonly sequence: number;
  readonly scorerId: number;
  readonly version: number;
  /** 0x and 64 digits. */
  readonly rulesHash: string;
  /** Canonical JSON, as it was hashed. */
  readonly rules: string;
  readonly author: string;
  readonly reason: string;
  readonly createdAt: number;
  readonly scorer: { readonly name: string; readonly description: string; readonly owner: string } | null;
}

/** A scorer took a stamp. The credential is with the first acceptance of its digest. */
export interface AcceptedRecord {
  readonly kind: "accepted";
  readonly sequence: number;
  readonly at: number;
  readonly scorerId: number;
  readonly stamp: VerifiedStamp;
  readonly credential: CompactCredential | null;
}

/** Whatever else happened to stamps. */
export interface StampRecord {
  readonly kind: "stamp";
  readonly sequence: number;
  readonly at: number;
  readonly type: Exclude<StampEventType, "accepted">;
  /** 0 and null where it concerns no passport in particular: an operator's revocation. */
  readonly scorerId: number;
  readonly account: string | null;
  readonly digest: string | null;
  /** JSON. */
  readonly data: string;
}

export interface ScoreEventRecord {
  readonly kind: "score";
  readonly sequence: number;
  readonly at: number;
  readonly scorerId: number;
  readonly account: string;
  readonly cause: ScoreCause;
  readonly version: number;
  readonly rulesHash: string;
  readonly status: "DONE" | "ERROR";
  readonly error: string | null;
  readonly score: number | null;
  readonly sum: number;
  readonly threshold: number;
  readonly passing: boolean;
  readonly chainScore: number;
  readonly scoredAt: number;
  readonly expiresAt: number | null;
  readonly flipsAt: number | null;
  readonly scale: number | null;
  /** JSON. */
  readonly stamps: string;
}

/** An operator banned, or lifted a ban. */
export interface BanRecord {
  readonly kind: "ban";
  readonly sequence: number;
  readonly event: BanEvent;
}

/** An issuer revoked a credential or a nullifier. */
export interface RevocationRecord {
  readonly kind: "revocation";
  readonly sequence: number;
  readonly event: IssuerRevocation;
}

export type SnapshotRecord =
  | VersionRecord
  | AcceptedRecord
  | StampRecord
  | ScoreEventRecord
  | BanRecord
  | RevocationRecord;

/** Scorers and scores are one stream, stamps the other: a scorer may keep the second from everybody but its signers. */
export const STREAMS = ["scores", "stamps"] as const;
export type Stream = (typeof STREAMS)[number];

export const streamOf = ({ kind }: SnapshotRecord): Stream =>
  kind === "version" || kind === "score" ? "scores" : "stamps";
