// What the passport service needs from the world. Each port is fulfilled by one adapter and by fakes in the tests.
import type { BanEntry, BanIndex } from "../../passport/bans.js";
import type { RevocationList } from "../../passport/revocations.js";
import type { VerificationContext, VerifiedStamp } from "../../passport/verify.js";
import type { Points } from "../rules/points.js";
import type { ScoreEvent, ScoreRecord, StampEvent } from "./records.js";
import type { ScorerVersion } from "./scorer-version.js";
import type { SettlingStamp } from "./commands.js";
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

  /**
   * A page of a scorer's accounts, in order, and what they show: a workspace for each version, which need not be stored, all of
   * one moment. Whatever becomes of them is not written.
   */
  readPassports(
    versions: readonly ScorerVersion[],
    page: { after: string; limit: number },
  ): Promise<{ accounts: string[]; workspaces: PassportWorkspace[] }>;
  score(scorerId: number, account: string): Promise<ScoreRecord | undefined>;
  /** Scores of many accounts, in no order and without their stamps; accounts without a score are missing. */
  scoresOf(scorerId: number, accounts: readonly string[]): Promise<ScoreRecord[]>;
  /** A page of a scorer's scores, by account or by the time of scoring, and how many there are in all. */
  scoresPage(scorerId: number, page: ScoresPage): Promise<{ records: ScoreRecord[]; count: number }>;
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

  /**
   * Writes a ban into the log; its id is its sequence. Gives the passports that it concerns, those that hold a banned nullifier
   * in one of the realms included.
   */
  ban(
    entry: BanEntry,
    by: Omit<Authorship, "reason">,
    realms: readonly string[],
  ): Promise<{ id: number; shown: PassportNeed[] }>;
  /** Ends a ban; undefined where there is none in force. */
  liftBan(id: number, by: Authorship, realms: readonly string[]): Promise<PassportNeed[] | undefined>;
  bans(): Promise<BanIndex>;
  /** Writes what a list revokes and the log does not have yet; gives the passports that it concerns. */
  addRevocations(
    list: Pick<RevocationList, "issuer" | "sequence" | "entries">,
    by: Pick<Authorship, "at">,
    realms: readonly string[],
  ): Promise<{ added: number; shown: PassportNeed[] }>;

  beginRescore(rescore: RescoreRequest): Promise<number | undefined>;
  /** The oldest unfinished rescore of a scorer, or of any. */
  openRescore(scorerId?: number): Promise<RescoreState | undefined>;
  rescore(id: number): Promise<RescoreState | undefined>;
  /**
   * Moves a rescore on by the next stamps that have links to meet, in the order of acceptance and in one transaction; undefined
   * when another process has moved it. Links of these stamps are in the workspace, and nothing else of their accounts.
   */
  advanceSettling(
    before: RescoreState,
    limit: number,
    work: (workspace: PassportWorkspace, stamps: readonly OpenStamp[]) => RescoreState,
  ): Promise<RescoreState | undefined>;
  /**
   * Moves a rescore on by the next accounts that have a score, in order and in one transaction; undefined when another process
   * has moved it. `newPage` is called when a page is read, which may be ahead of its turn. `work` may throw
   * {@link NotPlainError}: then it is called again, on everything from the start.
   */
  advanceScoring<Page extends ScoringPage>(
    before: RescoreState,
    newPage: (workspace: PassportWorkspace) => Page,
    work: (workspace: PassportWorkspace, entries: readonly PageEntry[], page: Page) => RescoreState,
  ): Promise<RescoreState | undefined>;
}

/**
 * Whether the chain lets in roots of a version of rules: governance decides for scorers that it governs, and nobody for others.
 * `definition` is the hash of the rules' document.
 */
export type RulesApproval = (
  registryId: bigint,
  rules: { readonly threshold: Points; readonly definition: string },
) => Promise<boolean>;

export interface ScoresPage {
  readonly limit: number;
  readonly offset: number;
  readonly order: "account" | "time";
  /** Only scores computed at or after this time, seconds. */
  readonly since: number;
}

export interface NewScorer {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
}

/** Who did something, why, and when (seconds since the epoch). */
export interface Authorship {
  readonly author: string;
  readonly reason: string;
  readonly at: number;
}

export interface Revocation extends Authorship {
  readonly digest: string;
}

export interface RescoreRequest extends Authorship {
  readonly scorerId: number;
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

/** What a rescore reads of an account that has a score: everything that its stamps are, packed. */
export interface StoredPassport {
  readonly account: string;
  readonly status: string;
  /** Of the stored score. */
  readonly passing: boolean;
  /** Null in rows of an older schema. */
  readonly fingerprint: Buffer | null;
  /** Null or empty where the passport could not be packed. */
  readonly packed: Buffer | null;
}

/** As much of a shown stamp as its links ask for. */
export interface OpenStamp extends SettlingStamp {
  readonly refused: boolean;
}

/** An account of a page: as it was prepared, or in the workspace with everything that it shows. */
export interface PageEntry {
  readonly account: string;
  readonly prepared: PreparedPassport | null;
}

/** How a page is read. */
export interface ScoringPage {
  readonly limit: number;
  /** Whether what was read is still of today. */
  isFresh(): boolean;
  /** Takes a packed passport as far as it goes without its links; null for one that must be loaded as a whole. */
  prepare(version: ScorerVersion, passport: StoredPassport): PreparedPassport | null;
}

/** A passport that a page has to score: done already, or waiting for its links. */
export interface PreparedPassport {
  readonly account: string;
  /** Of the stored score. */
  readonly passing: boolean;
  readonly fingerprint: Buffer;
  /** The links that it has to meet. */
  readonly linkKeys: readonly string[];
  readonly scored: PreparedScore | null;
  readonly packed: Buffer | null;
}

export interface PreparedScore {
  readonly record: ScoreRecord;
  readonly breakdown: Buffer;
  readonly fingerprint: Buffer;
}

/** Accounts that came packed and must be loaded as a whole. */
export class NotPlainError extends Error {
  constructor(readonly accounts: readonly string[]) {
    super("accounts of a page are not plain");
  }
}

/** Who is trusted at a time (seconds). Bans and revocations are in the store: they are part of the log. */
export type VerificationSource = (now: number) => Omit<VerificationContext, "bans" | "revocations">;
