// What the passport service needs from the world. Each port is fulfilled by one adapter and by fakes in the tests.
import type { VerificationContext, VerifiedStamp } from "../../passport/verify.js";
import type { ScoreEvent, ScoreRecord, StampEvent } from "./records.js";
import type { ScorerVersion } from "./scorer-version.js";
import type { PassportWorkspace } from "./workspace.js";

export interface ScorerSummary {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly version: number;
  readonly rulesHash: string;
  /** The scorer's id in the registry; null while it has none, and then nothing is anchored. */
  readonly registryId: bigint | null;
  /** Seconds since the epoch. */
  readonly createdAt: number;
}

/** A version as it is published. */
export interface VersionDocument {
  readonly version: number;
  readonly sequence: number;
  readonly rulesHash: string;
  /** Canonical JSON, as it was hashed. */
  readonly rules: string;
  readonly author: string;
  readonly reason: string;
  readonly createdAt: number;
}

export interface NewVersion {
  readonly rulesHash: string;
  readonly rules: string;
  readonly author: string;
  readonly reason: string;
  readonly at: number;
}

/** What a transaction touches: passports with the stamps that are about to be shown. */
export interface PassportNeed {
  readonly scorerId: number;
  readonly account: string;
  readonly arriving?: readonly VerifiedStamp[];
}

/** A stored credential of an account. */
export interface StoredCredential {
  readonly sequence: number;
  readonly digest: string;
  readonly provider: string;
  readonly expiresAt: number;
  readonly credential: unknown;
}

export interface PassportStore {
  /**
   * Runs `work` on the passports it needs in one serialised transaction, across all processes of a database. Concurrent calls
   * share transactions, so `work` is synchronous; what it changed is taken back when it throws. The scorer of a need may be
   * missing: `work` looks.
   */
  transact<T>(needs: readonly PassportNeed[], work: (workspace: PassportWorkspace) => T): Promise<T>;

  createScorer(scorer: NewScorer, version: NewVersion): Promise<number>;
  /** Adds a version; undefined where there is no such scorer. */
  addVersion(scorerId: number, version: NewVersion): Promise<number | undefined>;
  /** Links a scorer to its id in the registry, once; false when it has one or another scorer has this. */
  linkRegistry(scorerId: number, registryId: bigint): Promise<boolean>;
  scorer(scorerId: number): Promise<ScorerSummary | undefined>;
  scorers(after: number, limit: number): Promise<ScorerSummary[]>;
  versions(scorerId: number): Promise<VersionDocument[]>;
  version(scorerId: number): Promise<ScorerVersion | undefined>;

  score(scorerId: number, account: string): Promise<ScoreRecord | undefined>;
  /** Scores of many accounts, in no order and without their stamps; accounts without a score are missing. */
  scoresOf(scorerId: number, accounts: readonly string[]): Promise<ScoreRecord[]>;
  /** Newest first; `before` is a sequence. */
  history(
    scorerId: number,
    account: string,
    page: { at?: number; before?: number; limit: number },
  ): Promise<ScoreEvent[]>;
  /** Oldest first. */
  stampHistory(scorerId: number, account: string): Promise<StampEvent[]>;
  credentials(account: string, page: { after: number; limit: number }): Promise<StoredCredential[]>;
  /** Oldest first, backwards from a sequence. */
  credentialsBefore(account: string, page: { before: number; limit: number }): Promise<StoredCredential[]>;

  /** Remembers that an operator revoked a credential; gives the passports that show it. */
  revoke(revocation: Revocation): Promise<PassportNeed[]>;

  beginRescore(rescore: RescoreRequest): Promise<number | undefined>;
  /** The oldest unfinished rescore of a scorer, or of any. */
  openRescore(scorerId?: number): Promise<RescoreState | undefined>;
  rescore(id: number): Promise<RescoreState | undefined>;
  /** Shown stamps after a sequence, in order. */
  shownAfter(
    scorerId: number,
    sequence: number,
    limit: number,
  ): Promise<{ account: string; sequence: number; digest: string }[]>;
  /** Accounts with stamps or a score, in order. */
  accountsAfter(scorerId: number, account: string, limit: number): Promise<string[]>;
  /** Moves a rescore on, in the same transaction as `work`; false when another process has moved it. */
  advanceRescore(
    before: RescoreState,
    needs: readonly PassportNeed[],
    work: (workspace: PassportWorkspace) => RescoreState,
  ): Promise<RescoreState | undefined>;
}

export interface NewScorer {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
}

export interface Revocation {
  readonly digest: string;
  readonly author: string;
  readonly reason: string;
  readonly at: number;
}

export interface RescoreRequest {
  readonly scorerId: number;
  readonly author: string;
  readonly reason: string;
  readonly at: number;
}

/** A rescore as far as it is. It is stored with every page, so that a process that is killed costs one page. */
export interface RescoreState {
  readonly id: number;
  readonly scorerId: number;
  readonly phase: "settle" | "score" | "done";
  readonly settledTo: number;
  readonly scoredTo: string;
  readonly scored: number;
  readonly changed: number;
  /** Verdicts that turned. */
  readonly flipped: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

/** Trust, bans and revocations as they stand at a time (seconds). */
export type VerificationSource = (now: number) => VerificationContext;
