import { BanIndex, type BanEntry, type IssuedBan } from "../../passport/bans.js";
import { ProofCache } from "../../passport/proof-cache.js";
import type { Prover } from "../../passport/prover.js";
import { RevocationIndex, type RevocationList } from "../../passport/revocations.js";
import type { Verification, VerificationContext, VerifiedStamp } from "../../passport/verify.js";
import { canonicalJson } from "../../shared/canonical-json.js";
import { unixSeconds, type Clock } from "../../shared/clock.js";

import type { Logger } from "../../shared/logger.js";
import type { DuplicateExplanation } from "../rules/links/explain.js";
import { parseRules } from "../rules/parse-rules.js";
import type { Points } from "../rules/points.js";
import { readScore } from "../rules/read-score.js";
import { historyTime, refuseForRound, scoringTime } from "../rules/round.js";
import { rulesDocument, rulesHash } from "../rules/scorer-rules.js";
import type { StampStatus } from "../rules/stamp-status.js";
import {
  acceptStamp,
  type Declined,
  declineStamp,
  failScore,
  refuseStamp,
  releaseStamps,
  scorePassport,
} from "./commands.js";
import { PassportServiceError } from "./errors.js";
import { packedRecheck } from "./packed/recheck.js";
import type { FlatPassport } from "./packed/flat-passport.js";
import type {
  NewVersion,
  PassportNeed,
  PassportStore,
  RulesApproval,
  ScorerSummary,
  VerificationSource,
} from "./ports.js";
import { refusalOf } from "./refusal.js";
import type { ScoreCause, ScoreEvent, ScoreRecord } from "./records.js";
import type { ScorerVersion } from "./scorer-version.js";
import type { PassportWorkspace } from "./workspace.js";

export interface PassportPorts {
  readonly store: PassportStore;
  readonly verification: VerificationSource;
  /** Absent where no chain can be asked: then a version that governance has not approved is refused by the chain alone. */
  readonly approval?: RulesApproval;
  /** Checks signatures in other threads; the service's own unless told. */
  readonly prove?: Prover;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who changes a scorer, and why: both are published with the version. */
export interface Authorship {
  readonly author: string;
  readonly reason: string;
}

type Trust = ReturnType<VerificationSource>;

const NOTHING = { bans: BanIndex.EMPTY, revocations: RevocationIndex.EMPTY };

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
  readonly #proofs: ProofCache;

  constructor(ports: PassportPorts) {
    this.#ports = ports;
    this.#proofs = new ProofCache(ports.prove === undefined ? {} : { prove: ports.prove });
  }

  /** Seconds since the epoch. */
  now(): number {
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

  /**
   * Adds an immutable version; scores follow with the next rescore. Throws `scoring/rules-not-approved` for a scorer that
   * governance governs, when it has not approved these rules.
   */
  async addVersion(scorerId: number, rules: unknown, authorship: Authorship): Promise<ScorerSummary> {
    const version = this.#newVersion(rules, authorship);
    const { registryId } = await this.scorer(scorerId);
    const { threshold } = parseRules(rules);
    if (registryId !== null && this.#ports.approval !== undefined) {
      const approved = await this.#ports.approval(registryId, { threshold, definition: version.rulesHash });
      if (!approved) {
        throw new PassportServiceError("scoring/rules-not-approved", "governance has not approved these rules", {
          scorerId,
        });
      }
    }
    const number = await this.#ports.store.addVersion(scorerId, version);
    if (number === undefined) throw unknownScorer(scorerId);
    this.#ports.logger.info({ scorerId, version: number, rulesHash: version.rulesHash }, "scorer version added");
    return this.scorer(scorerId);
  }

  #newVersion(rules: unknown, { author, reason }: Authorship): NewVersion {
    const parsed = parseRules(rules);
    const text = canonicalJson(rulesDocument(parsed));
    return { rulesHash: rulesHash(parsed), rules: text, author, reason, at: this.now() };
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
    const now = this.now();
    const trust = this.#ports.verification(now);
    // Outside the transaction: signatures cost a hundred times the rest, and nobody should wait for them.
    const verified = await this.#verify(scorerId, account, credentials, { ...trust, ...NOTHING });
    const arriving = verified.flatMap((result) => (result.status === "valid" ? [result.stamp] : []));
    return this.#ports.store.transact([{ scorerId, account, arriving }], (workspace) => {
      const results = verified.map((result, index) =>
        this.#take(workspace, scorerId, account, result, credentials[index], trust),
      );
      const record = this.#score(workspace, scorerId, account, now, "submitted", trust);
      return { results: results.map((result) => resultOf(result, record)), score: answer(record, now) };
    });
  }

  /** Bans and revocations are asked later, where the log is. A closed round asks for dates as of its close. */
  async #verify(
    scorerId: number,
    account: string,
    credentials: readonly unknown[],
    context: VerificationContext,
  ): Promise<Verification[]> {
    const verified = await this.#proofs.verify(credentials, account, context);
    const expired = credentials.filter((_, index) => verified[index]?.status === "expired");
    if (expired.length === 0) return verified;
    const version = await this.#ports.store.version(scorerId);
    const time = scoringTime(version?.rules.round ?? null, context.now);
    if (time === context.now) return verified;
    // Whatever has not expired now had not expired then.
    const then = await this.#proofs.verify(expired, account, { ...context, now: time });
    return verified.map((result) => (result.status === "expired" ? (then.shift() as Verification) : result));
  }

  /** Takes one verified stamp, or notes why it was not taken. */
  #take(
    workspace: PassportWorkspace,
    scorerId: number,
    account: string,
    result: Verification,
    credential: unknown,
    trust: Trust,
  ): VerifiedStamp | Declined {
    const { now } = trust;
    const { rules } = requireScorer(workspace, scorerId);
    if (result.status === "valid") {
      const { stamp } = result;
      const time = scoringTime(rules.round, now);
      // The rules may be others than those that the dates were asked for.
      const expired =
        stamp.expiresAt <= time ? { status: "expired" as const, detail: `expired at ${stamp.expiresAt}` } : null;
      const late = refuseForRound(rules.round, stamp.issuedAt, now);
      const refusal = expired ?? late ?? refusalOf(workspace, stamp, trust, time);
      if (refusal === null) {
        acceptStamp(workspace, scorerId, stamp, credential, now);
        return stamp;
      }
      return declineStamp(workspace, scorerId, account, refusal, now);
    }
    return declineStamp(workspace, scorerId, account, result, now);
  }

  /** The whole pipeline on stored stamps: trust and revocations, links, rules. A run that fails keeps the last good score. */
  #score(
    workspace: PassportWorkspace,
    scorerId: number,
    account: string,
    now: number,
    cause: ScoreCause,
    context: Trust,
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

  #recheck(workspace: PassportWorkspace, scorerId: number, account: string, now: number, trust: Trust) {
    const { rules } = requireScorer(workspace, scorerId);
    const time = scoringTime(rules.round, now);
    for (const shown of workspace.stamps(scorerId, account)) {
      const refusal = refusalOf(workspace, shown.stamp, trust, time);
      const same = refusal?.status === shown.refusal?.status && refusal?.detail === shown.refusal?.detail;
      if (!same) refuseStamp(workspace, scorerId, shown, refusal, now);
    }
  }

  /** The holder lets go of a provider's stamp for a scorer; others get it after the scorer's cooling period. */
  async release(scorerId: number, account: string, provider: string): Promise<ScoreAnswer> {
    const now = this.now();
    const context = this.#ports.verification(now);
    return this.#ports.store.transact([{ scorerId, account }], (workspace) => {
      requireScorer(workspace, scorerId);
      releaseStamps(workspace, scorerId, account, provider, now);
      return answer(this.#score(workspace, scorerId, account, now, "released", context), now);
    });
  }

  /** An operator revokes a credential everywhere, now and for later submissions; gives how many scores were computed anew. */
  async revoke(digest: string, { author, reason }: Authorship): Promise<number> {
    const shown = await this.#ports.store.revoke({ digest, author, reason, at: this.now() });
    await this.rescorePassports(shown, "revoked");
    this.#ports.logger.info({ rescored: shown.length }, "credential revoked");
    return shown.length;
  }

  /** Bans from now on, for all scorers; gives the ban's id and how many scores were computed anew. */
  async ban(entry: BanEntry, { author }: Pick<Authorship, "author">): Promise<{ id: number; rescored: number }> {
    const now = this.now();
    if (entry.until !== null && entry.until <= now) {
      throw new PassportServiceError("scoring/invalid-request", "the ban would have ended already");
    }
    const { id, shown } = await this.#ports.store.ban(entry, { author, at: now }, this.#realms(now));
    await this.rescorePassports(shown, "banned");
    this.#ports.logger.info({ ban: id, kind: entry.kind, rescored: shown.length }, "banned");
    return { id, rescored: shown.length };
  }

  /** Ends a ban before its time; gives how many scores were computed anew. */
  async liftBan(id: number, authorship: Authorship): Promise<number> {
    const now = this.now();
    const shown = await this.#ports.store.liftBan(id, { ...authorship, at: now }, this.#realms(now));
    if (shown === undefined) throw new PassportServiceError("scoring/unknown-ban", `there is no ban ${id} in force`);
    await this.rescorePassports(shown, "ban-lifted");
    this.#ports.logger.info({ ban: id, rescored: shown.length }, "ban lifted");
    return shown.length;
  }

  /** The bans in force, oldest first; of an account those that name it. */
  async bans(account?: string): Promise<IssuedBan[]> {
    const bans = (await this.#ports.store.bans()).all(this.now());
    return account === undefined ? bans : bans.filter(({ subject }) => subject === account);
  }

  /** Takes over what an issuer revokes, for ever; gives how many entries are new and how many scores were computed anew. */
  async addRevocations(
    list: Pick<RevocationList, "issuer" | "sequence" | "entries">,
  ): Promise<{ added: number; rescored: number }> {
    const now = this.now();
    const { added, shown } = await this.#ports.store.addRevocations(list, { at: now }, this.#realms(now));
    await this.rescorePassports(shown, "revoked");
    return { added, rescored: shown.length };
  }

  #realms(now: number): string[] {
    return [...new Set(this.#ports.verification(now).issuers.issuers.map(({ realm }) => realm))];
  }

  /** Computes some scores anew, each in a transaction of its own that may travel with others. */
  async rescorePassports(passports: readonly PassportNeed[], cause: ScoreCause): Promise<void> {
    const now = this.now();
    const trust = this.#ports.verification(now);
    await Promise.all(
      passports.map((need) =>
        this.#ports.store.transact([need], (workspace) =>
          this.#score(workspace, need.scorerId, need.account, now, cause, trust),
        ),
      ),
    );
  }

  /** Computes one account's score anew; a rescore of a whole scorer calls this inside its own transactions. */
  rescoreIn(workspace: PassportWorkspace, scorerId: number, account: string, now: number): ScoreRecord {
    return this.#score(workspace, scorerId, account, now, "rescored", this.#ports.verification(now));
  }

  /** Whether all stamps of a packed passport still verify. What operators revoked is the store's to know. */
  packedRecheck(
    { bans, revocations }: Pick<PassportWorkspace, "bans" | "revocations">,
    now: number,
  ): (account: string, passport: FlatPassport) => boolean {
    return packedRecheck({ ...this.#ports.verification(now), bans, revocations });
  }

  async rescoreAccount(scorerId: number, account: string): Promise<ScoreAnswer> {
    const now = this.now();
    const record = await this.#ports.store.transact([{ scorerId, account }], (workspace) =>
      this.rescoreIn(workspace, scorerId, account, now),
    );
    return answer(record, now);
  }

  /** The stored score as it stands now; undefined for an account that was never scored. Writes nothing. */
  async score(scorerId: number, account: string): Promise<ScoreAnswer | undefined> {
    const record = await this.#ports.store.score(scorerId, account);
    if (record === undefined) await this.scorer(scorerId);
    return record === undefined ? undefined : answer(record, this.now());
  }

  /** The scores of many accounts, by account. Writes nothing. */
  async scoresOf(scorerId: number, accounts: readonly string[]): Promise<Map<string, ScoreAnswer>> {
    const now = this.now();
    const records = await this.#ports.store.scoresOf(scorerId, accounts);
    return new Map(records.map((record) => [record.account, answer(record, now)]));
  }

  /**
   * A score's history, newest first: every change with its cause and the version that made it. `at` in the grace period of a round
   * is the closing time: it shows what the whole grace period brought.
   */
  async history(
    scorerId: number,
    account: string,
    page: { at?: number; before?: number; limit?: number } = {},
  ): Promise<ScoreEvent[]> {
    if (page.at === undefined) return this.#ports.store.history(scorerId, account, { limit: 100, ...page });
    const version = await this.#ports.store.version(scorerId);
    const at = historyTime(version?.rules.round ?? null, page.at);
    return this.#ports.store.history(scorerId, account, { limit: 100, ...page, at });
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

function requireScorer(workspace: PassportWorkspace, scorerId: number): ScorerVersion {
  const version = workspace.version(scorerId);
  if (version === undefined) throw unknownScorer(scorerId);
  return version;
}

function unknownScorer(scorerId: number): PassportServiceError {
  return new PassportServiceError("scoring/unknown-scorer", `there is no scorer ${scorerId}`, { scorerId });
}

function resultOf(taken: VerifiedStamp | Declined, record: ScoreRecord): StampResult {
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
