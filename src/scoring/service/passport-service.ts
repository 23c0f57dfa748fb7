import { ProofCache } from "../../passport/proof-cache.js";
import { recheckStamp } from "../../passport/recheck.js";
import type { Refusal, Verification, VerificationContext, VerifiedStamp } from "../../passport/verify.js";
import { canonicalJson } from "../../shared/canonical-json.js";
import { unixSeconds, type Clock } from "../../shared/clock.js";

import type { Logger } from "../../shared/logger.js";
import type { DuplicateExplanation } from "../rules/links/explain.js";
import { parseRules } from "../rules/parse-rules.js";
import type { Points } from "../rules/points.js";
import { readScore } from "../rules/read-score.js";
import { rulesDocument, rulesHash } from "../rules/scorer-rules.js";
import type { StampStatus } from "../rules/stamp-status.js";
import { acceptStamp, failScore, refuseStamp, releaseStamps, scorePassport } from "./commands.js";
import { PassportServiceError } from "./errors.js";
import type { NewVersion, PassportStore, ScorerSummary, VerificationSource } from "./ports.js";
import type { ScoreCause, ScoreEvent, ScoreRecord } from "./records.js";
import type { PassportWorkspace } from "./workspace.js";

export interface PassportPorts {
  readonly store: PassportStore;
  readonly verification: VerificationSource;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who changes a scorer, and why: both are published with the version. */
export interface Authorship {
  readonly author: string;
  readonly reason: string;
}

/** What became of one submitted stamp. */
export interface StampResult {
  readonly status: StampStatus;
  /** Null where the credential does not say, in any form that we read. */
  readonly provider: string | null;
  readonly digest: string | null;
  readonly points: Points;
  readonly expiresAt: number | null;
  readonly detail: string | null;
  readonly dedup: DuplicateExplanation | null;
}

/** A score as it stands at a time. */
export interface ScoreAnswer extends ScoreRecord {
  readonly expired: boolean;
}

export interface Submission {
  /** In the order of the credentials. */
  readonly results: readonly StampResult[];
  readonly score: ScoreAnswer;
}

/** More would make one transaction long; nobody has as many providers at once. */
export const MAX_CREDENTIALS = 100;

/** The use cases of passports and scorers. Accounts are lower-case addresses. */
export class PassportService {
  readonly #ports: PassportPorts;
  readonly #proofs = new ProofCache();

  constructor(ports: PassportPorts) {
    this.#ports = ports;
  }

  #now(): number {
    return unixSeconds(this.#ports.clock);
  }

  /** Makes a scorer with its first version. `rules` is a `touchstone-scorer-rules-v1` document. */
  async createScorer(
    scorer: { name: string; description?: string; owner?: string; rules: unknown } & Authorship,
  ): Promise<ScorerSummary> {
    const { name, description = "", author, reason } = scorer;
    const version = this.#newVersion(scorer.rules, { author, reason });
    const { store, logger } = this.#ports;
    const id = await store.createScorer({ name, description, owner: scorer.owner ?? author }, version);
    logger.info({ scorerId: id, rulesHash: version.rulesHash }, "scorer created");
    return this.scorer(id);
  }

  /**
   * Says which scorer of the registry this one's roots are for: once, and no two the same. Only an operator may: whoever could
   * choose would have the operator sign for somebody else's.
   */
  async linkRegistry(scorerId: number, registryId: bigint): Promise<ScorerSummary> {
    await this.scorer(scorerId);
    if (!(await this.#ports.store.linkRegistry(scorerId, registryId))) {
      throw new PassportServiceError(
        "scoring/already-linked",
        "the scorer has a registry id, or another scorer has this",
      );
    }
    return this.scorer(scorerId);
  }

  /** Adds an immutable version; scores follow with the next rescore. */
  async addVersion(scorerId: number, rules: unknown, authorship: Authorship): Promise<ScorerSummary> {
    const version = this.#newVersion(rules, authorship);
    const number = await this.#ports.store.addVersion(scorerId, version);
    if (number === undefined) throw unknownScorer(scorerId);
    this.#ports.logger.info({ scorerId, version: number, rulesHash: version.rulesHash }, "scorer version added");
    return this.scorer(scorerId);
  }

  #newVersion(rules: unknown, { author, reason }: Authorship): NewVersion {
    const parsed = parseRules(rules);
    const text = canonicalJson(rulesDocument(parsed));
    return { rulesHash: rulesHash(parsed), rules: text, author, reason, at: this.#now() };
  }

  async scorer(scorerId: number): Promise<ScorerSummary> {
    const scorer = await this.#ports.store.scorer(scorerId);
    if (scorer === undefined) throw unknownScorer(scorerId);
    return scorer;
  }

  scorers({ after = 0, limit = 100 } = {}): Promise<ScorerSummary[]> {
    return this.#ports.store.scorers(after, limit);
  }

  async versions(scorerId: number) {
    const versions = await this.#ports.store.versions(scorerId);
    if (versions.length === 0) throw unknownScorer(scorerId);
    return versions;
  }

  async version(scorerId: number) {
    const version = await this.#ports.store.version(scorerId);
    if (version === undefined) throw unknownScorer(scorerId);
    return version;
  }

  /** Takes credentials for a scorer and scores the account. Every credential gets one result. */
  async submit(scorerId: number, account: string, credentials: readonly unknown[]): Promise<Submission> {
    if (credentials.length > MAX_CREDENTIALS) {
      throw new PassportServiceError("scoring/invalid-request", `more than ${MAX_CREDENTIALS} credentials at once`);
    }
    const now = this.#now();
    const context = this.#ports.verification(now);
    // Outside the transaction: signatures cost a hundred times the rest, and nobody should wait for them.
    const verified = credentials.map((credential) => this.#proofs.verify(credential, account, context));
    const arriving = verified.flatMap((result) => (result.status === "valid" ? [result.stamp] : []));
    return this.#ports.store.transact([{ scorerId, account, arriving }], (workspace) => {
      const results = verified.map((result, index) =>
        this.#take(workspace, scorerId, account, result, credentials[index], now),
      );
      const record = this.#score(workspace, scorerId, account, now, "submitted", context);
      return { results: results.map((result) => resultOf(result, record)), score: answer(record, now) };
    });
  }

  /** Takes one verified stamp, or notes why it was not taken. */
  #take(
    workspace: PassportWorkspace,
    scorerId: number,
    account: string,
    result: Verification,
    credential: unknown,
    now: number,
  ): VerifiedStamp | Refusal {
    requireScorer(workspace, scorerId);
    if (result.status === "valid") {
      const revoked = workspace.revocation(result.stamp.digest);
      if (revoked === undefined) {
        acceptStamp(workspace, scorerId, result.stamp, credential, now);
        return result.stamp;
      }
      result = { status: "banned", detail: `credential revoked: ${revoked}` };
    }
    workspace.record({ at: now, type: "declined", scorerId, account, digest: null, data: { ...result } });
    return result;
  }

  /** The whole pipeline on stored stamps: trust and revocations, links, rules. A run that fails keeps the last good score. */
  #score(
    workspace: PassportWorkspace,
    scorerId: number,
    account: string,
    now: number,
    cause: ScoreCause,
    context: VerificationContext,
  ): ScoreRecord {
    requireScorer(workspace, scorerId);
    try {
      return workspace.attempt(() => {
        this.#recheck(workspace, scorerId, account, now, context);
        return scorePassport(workspace, scorerId, account, now, cause);
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#ports.logger.error({ scorerId, message }, "a score could not be computed");
      return failScore(workspace, scorerId, account, "the score could not be computed", now, cause);
    }
  }

  #recheck(workspace: PassportWorkspace, scorerId: number, account: string, now: number, context: VerificationContext) {
    for (const shown of workspace.stamps(scorerId, account)) {
      const revoked = workspace.revocation(shown.stamp.digest);
      const refusal: Refusal | null =
        revoked === undefined
          ? recheckStamp(shown.stamp, context)
          : { status: "banned", detail: `credential revoked: ${revoked}` };
      const same = refusal?.status === shown.refusal?.status && refusal?.detail === shown.refusal?.detail;
      if (!same) refuseStamp(workspace, scorerId, shown, refusal, now);
    }
  }

  /** The holder lets go of a provider's stamp for a scorer; others get it after the scorer's cooling period. */
  async release(scorerId: number, account: string, provider: string): Promise<ScoreAnswer> {
    const now = this.#now();
    const context = this.#ports.verification(now);
    return this.#ports.store.transact([{ scorerId, account }], (workspace) => {
      requireScorer(workspace, scorerId);
      releaseStamps(workspace, scorerId, account, provider, now);
      return answer(this.#score(workspace, scorerId, account, now, "released", context), now);
    });
  }

  /** An operator revokes a credential everywhere, now and for later submissions; gives how many scores were computed anew. */
  async revoke(digest: string, { author, reason }: Authorship): Promise<number> {
    const now = this.#now();
    const context = this.#ports.verification(now);
    const shown = await this.#ports.store.revoke({ digest, author, reason, at: now });
    await Promise.all(
      shown.map((need) =>
        this.#ports.store.transact([need], (workspace) =>
          this.#score(workspace, need.scorerId, need.account, now, "revoked", context),
        ),
      ),
    );
    this.#ports.logger.info({ rescored: shown.length }, "credential revoked");
    return shown.length;
  }

  /** Computes one account's score anew; a rescore of a whole scorer calls this inside its own transactions. */
  rescoreIn(workspace: PassportWorkspace, scorerId: number, account: string, now: number): ScoreRecord {
    return this.#score(workspace, scorerId, account, now, "rescored", this.#ports.verification(now));
  }

  async rescoreAccount(scorerId: number, account: string): Promise<ScoreAnswer> {
    const now = this.#now();
    const record = await this.#ports.store.transact([{ scorerId, account }], (workspace) =>
      this.rescoreIn(workspace, scorerId, account, now),
    );
    return answer(record, now);
  }

  /** The stored score as it stands now; undefined for an account that was never scored. Writes nothing. */
  async score(scorerId: number, account: string): Promise<ScoreAnswer | undefined> {
    const record = await this.#ports.store.score(scorerId, account);
    if (record === undefined) await this.scorer(scorerId);
    return record === undefined ? undefined : answer(record, this.#now());
  }

  /** The scores of many accounts, by account. Writes nothing. */
  async scoresOf(scorerId: number, accounts: readonly string[]): Promise<Map<string, ScoreAnswer>> {
    const now = this.#now();
    const records = await this.#ports.store.scoresOf(scorerId, accounts);
    return new Map(records.map((record) => [record.account, answer(record, now)]));
  }

  /** A score's history, newest first: every change with its cause and the version that made it. */
  async history(
    scorerId: number,
    account: string,
    page: { at?: number; before?: number; limit?: number } = {},
  ): Promise<ScoreEvent[]> {
    return this.#ports.store.history(scorerId, account, { limit: 100, ...page });
  }

  /** What the holder may know: the score stamp by stamp, and what happened to each. */
  async explain(scorerId: number, account: string) {
    const [score, events] = await Promise.all([
      this.score(scorerId, account),
      this.#ports.store.stampHistory(scorerId, account),
    ]);
    if (score === undefined) throw new PassportServiceError("scoring/not-scored", "the account has no score here");
    return { score, events };
  }
}

/** A record as a reader is told at `now`: from its expiry on it does not pass, whatever it was. */
export function answer(record: ScoreRecord, now: number): ScoreAnswer {
  const { passing, expired } = readScore({ ...record, score: record.score ?? 0 }, now);
  return { ...record, passing, expired };
}

function requireScorer(workspace: PassportWorkspace, scorerId: number): void {
  if (workspace.version(scorerId) === undefined) throw unknownScorer(scorerId);
}

function unknownScorer(scorerId: number): PassportServiceError {
  return new PassportServiceError("scoring/unknown-scorer", `there is no scorer ${scorerId}`, { scorerId });
}

function resultOf(taken: VerifiedStamp | Refusal, record: ScoreRecord): StampResult {
  if (!("digest" in taken)) {
    const nothing = { provider: null, digest: null, points: 0, expiresAt: null, dedup: null };
    return { ...nothing, status: taken.status, detail: taken.detail };
  }
  const { provider, digest, expiresAt } = taken;
  const scored = record.stamps.find((stamp) => stamp.digest === digest);
  return {
    status: scored?.status ?? "counted",
    provider,
    digest,
    points: scored?.points ?? 0,
    expiresAt,
    detail: scored?.detail ?? (scored === undefined ? "the score could not be computed; the stamp was taken" : null),
    dedup: scored?.dedup ?? null,
  };
}
