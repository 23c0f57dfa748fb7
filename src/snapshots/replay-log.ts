// What a signer does before it signs: it does not copy the log, it takes it apart. Every new credential is verified, nullifiers
// are linked again, every score is computed again, and each must be the one that the log states.
import { expandCredential } from "../passport/credential/compact.js";
import { BanIndex } from "../passport/bans.js";
import { RevocationIndex } from "../passport/revocations.js";
import { verifyStamp, type Refusal, type VerifiedStamp } from "../passport/verify.js";
import { refuseForRound, scoringTime, type Round } from "../scoring/rules/round.js";
import type { VerificationSource } from "../scoring/service/ports.js";
import { replayEntry, type LogEntry } from "../scoring/service/replay.js";
import type { ScoreEvent, ScoreRecord, StampEvent } from "../scoring/service/records.js";
import { refusalOf } from "../scoring/service/refusal.js";
import { readVersion } from "../scoring/service/scorer-version.js";
import { PassportWorkspace } from "../scoring/service/workspace.js";
import { SnapshotError } from "./errors.js";
import { LogTimes } from "./log-times.js";
import type {
  AcceptedRecord,
  BanRecord,
  RevocationRecord,
  ScoreEventRecord,
  SnapshotRecord,
  StampRecord,
} from "./record.js";

const NOTHING = { bans: BanIndex.EMPTY, revocations: RevocationIndex.EMPTY };

export interface ReplayOptions {
  /**
   * Whom is trusted at a time, in seconds: with it every credential's signature is checked, and every refusal confirmed. Bans and
   * revocations are in the log. Null replays the scores alone.
   */
  readonly trust: VerificationSource | null;
}

export interface ReplayCounts {
  readonly entries: number;
  readonly credentials: number;
  readonly scores: number;
  /** Runs that failed at the service: the log's word, nothing can confirm them. */
  readonly failedRuns: number;
}

/** A log that is replayed as it grows. A signer keeps one and feeds it each new range. */
export class LogReplay {
  readonly #trust: ReplayOptions["trust"];
  readonly #workspace = new PassportWorkspace();
  /** By digest: the same stamp at several scorers is one object. */
  readonly #stamps = new Map<string, VerifiedStamp>();
  /** Accounts that had a score at some time, by scorer: they stay in its trees. */
  readonly #scored = new Map<number, Set<string>>();
  readonly #times = new LogTimes();
  #next = 1;
  #counts = { entries: 0, credentials: 0, scores: 0, failedRuns: 0 };

  constructor({ trust }: ReplayOptions) {
    this.#trust = trust;
  }

  get counts(): ReplayCounts {
    return { ...this.#counts };
  }

  /** The newest sequence that was replayed. */
  get sequence(): number {
    return this.#next - 1;
  }

  /**
   * Takes the next record, which must not be later than `latest`, in seconds. Throws `snapshots/bad-credential`, `snapshots/bad-time`
   * or `snapshots/scores-differ` with its sequence, and the replay is of no use afterwards.
   */
  apply(record: SnapshotRecord, latest?: number): void {
    if (record.sequence !== this.#next) throw differ(record.sequence, `comes after ${this.#next - 1}`);
    this.#times.check(record, latest);
    const workspace = this.#workspace;
    if (record.kind === "accepted") this.#verify(record);
    if (record.kind === "stamp") this.#confirm(record);
    if (record.kind === "ban" || record.kind === "revocation") this.#notice(record);
    if (record.kind === "score" || (record.kind === "stamp" && record.type === "settled")) this.#recheck(record);
    try {
      replayEntry(workspace, entryOf(record, this.#stamps));
    } catch (cause) {
      throw differ(record.sequence, cause instanceof Error ? cause.message : String(cause), cause);
    }
    if (record.kind === "score") this.#compareScore(record);
    else if (record.kind === "accepted" || record.kind === "stamp") this.#compareStamps(record);
    workspace.forgetChanges();
    this.#next += 1;
    this.#counts.entries += 1;
  }

  /** What is taken holds, and could be taken by the scorer then. */
  #verify(record: AcceptedRecord): void {
    const { stamp, credential, at, sequence, scorerId } = record;
    const round = this.#round(scorerId, sequence);
    const known = this.#stamps.get(stamp.digest);
    if (known === undefined) this.#prove(record, round);
    // One credential is one stamp, and its document was checked with the first acceptance.
    else if (credential !== null || JSON.stringify(known) !== JSON.stringify(stamp)) {
      throw bad(sequence, "is not the stamp that was accepted under its digest before");
    }
    const time = scoringTime(round, at);
    if (stamp.expiresAt <= time) throw bad(sequence, "had expired");
    const refusal = refuseForRound(round, stamp.issuedAt, at) ?? this.#expectedRefusal(stamp, at, time);
    if (refusal !== null) throw bad(sequence, `should have been declined: ${refusal.detail}`);
  }

  #prove({ stamp, credential, at, sequence }: AcceptedRecord, round: Round | null): void {
    if (credential === null) throw bad(sequence, "comes without its credential");
    const trust = this.#trust?.(at);
    if (trust !== undefined) {
      const prove = (now: number) =>
        verifyStamp(expandCredential(credential), stamp.account, { ...trust, ...NOTHING, now });
      let answer = prove(at);
      // A round that has closed asks for dates as of its close.
      if (answer.status === "expired") answer = prove(scoringTime(round, at));
      if (answer.status !== "valid") throw bad(sequence, `does not verify: ${answer.detail}`);
      if (JSON.stringify(answer.stamp) !== JSON.stringify(stamp)) throw bad(sequence, "says something else than its stamp");
    }
    this.#stamps.set(stamp.digest, stamp);
    this.#counts.credentials += 1;
  }

  /** Nobody can confirm why somebody is banned, only that what ends was there and nothing is there twice. */
  #notice({ kind, event, sequence }: BanRecord | RevocationRecord): void {
    const { bans, revocations } = this.#workspace;
    if (kind === "revocation") {
      const { issuer, entry } = event;
      if (revocations.missing({ issuer, entries: [entry] }).length === 0) throw differ(sequence, "revokes a second time");
    } else if (event.type === "lifted" && bans.get(event.ban, event.at) === undefined) {
      throw differ(sequence, "lifts a ban that is not in force");
    }
  }

  #round(scorerId: number, sequence: number): Round | null {
    const version = this.#workspace.version(scorerId);
    if (version === undefined) throw differ(sequence, `speaks of the scorer ${scorerId} before its first version`);
    return version.rules.round;
  }

  /** Refusals and returns follow from trust and revocations; nobody may lose a stamp because a server says so. */
  #confirm({ type, scorerId, account, digest, at, data, sequence }: StampRecord): void {
    if (this.#trust === null || (type !== "refused" && type !== "restored")) return;
    const shown =
      account === null || digest === null ? undefined : this.#workspace.stamp(scorerId, account, digest);
    const time = scoringTime(this.#round(scorerId, sequence), at);
    const expected = shown === undefined ? undefined : this.#expectedRefusal(shown.stamp, at, time);
    const stated = type === "restored" ? null : (JSON.parse(data) as Refusal);
    if (expected === undefined || !sameRefusal(expected, stated)) throw differ(sequence, `${type} a stamp without reason`);
  }

  /** Before a score is computed, every stamp has met the rules of that moment. */
  #recheck(record: ScoreEventRecord | StampRecord): void {
    if (this.#trust === null || record.account === null) return;
    if (record.kind === "score" && record.status === "ERROR") return;
    const time = scoringTime(this.#round(record.scorerId, record.sequence), record.at);
    for (const { stamp, refusal } of this.#workspace.stamps(record.scorerId, record.account)) {
      if (sameRefusal(this.#expectedRefusal(stamp, record.at, time), refusal)) continue;
      throw differ(record.sequence, `counts a stamp that it should have refused, or the reverse`);
    }
  }

  /** By whom is trusted at the time of a run, and what the log says against the stamp at the time that the run speaks of. */
  #expectedRefusal(stamp: VerifiedStamp, at: number, time: number): Refusal | null {
    if (this.#trust === null) return null;
    return refusalOf(this.#workspace, stamp, this.#trust(at), time);
  }

  #compareScore(record: ScoreEventRecord): void {
    const [made, ...more] = this.#workspace.scoreEvents;
    const same = made !== undefined && more.length === 0 && sameText(made, scoreEvent(record));
    if (!same || this.#workspace.stampEvents.length > 0) throw differ(record.sequence, "states another score");
    this.#counts.scores += 1;
    if (record.status === "ERROR") this.#counts.failedRuns += 1;
    if (record.chainScore === 0) return;
    const scored = this.#scored.get(record.scorerId) ?? new Set();
    this.#scored.set(record.scorerId, scored.add(record.account));
  }

  /** What the log notes about stamps, a replay notes too; acceptance, refusals to accept and revocations are its input. */
  #compareStamps(record: AcceptedRecord | StampRecord): void {
    const isInput = record.kind === "accepted" || record.type === "declined" || record.type === "revoked";
    const { stampEvents, scoreEvents } = this.#workspace;
    const expected = isInput ? [] : [stampEvent(record)];
    const same = scoreEvents.length === 0 && sameText(stampEvents, expected);
    if (!same) throw differ(record.sequence, "states something else than follows from the log before it");
  }

  /** The scores of a scorer as they stand, in no order. */
  scores(scorerId: number): ScoreRecord[] {
    return this.#workspace.scores().filter((score) => score.scorerId === scorerId);
  }

  /** Every account that ever had a score above 0 at a scorer. */
  everScored(scorerId: number): ReadonlySet<string> {
    return this.#scored.get(scorerId) ?? new Set();
  }

  /** The version of a scorer that is in force; undefined for a scorer that the log does not know. */
  version(scorerId: number) {
    return this.#workspace.version(scorerId);
  }
}

/** A record as the replay of the passport service knows it. */
function entryOf(record: SnapshotRecord, stamps: ReadonlyMap<string, VerifiedStamp>): LogEntry {
  switch (record.kind) {
    case "version": {
      const version = readVersion(record);
      if (version.rulesHash !== record.rulesHash) throw differ(record.sequence, "states another hash than its rules have");
      return { kind: "version", sequence: record.sequence, version };
    }
    case "accepted": {
      const { sequence, at, scorerId, stamp } = record;
      const { account, digest } = stamp;
      const data = { stamp: stamps.get(digest) ?? stamp };
      return { kind: "stamp", sequence, event: { sequence, at, type: "accepted", scorerId, account, digest, data } };
    }
    case "stamp":
      return { kind: "stamp", sequence: record.sequence, event: stampEvent(record) };
    case "score":
      return { kind: "score", sequence: record.sequence, event: scoreEvent(record) };
    case "ban":
    case "revocation":
      return record;
  }
}

function stampEvent(record: AcceptedRecord | StampRecord): StampEvent {
  const { sequence, at, scorerId } = record;
  if (record.kind === "accepted") throw differ(sequence, "is an acceptance");
  const { type, account, digest } = record;
  const data = JSON.parse(record.data) as StampEvent["data"];
  return { at, type, scorerId, account: account ?? "", digest, data, sequence };
}

function scoreEvent({ kind: _kind, stamps, ...event }: ScoreEventRecord): ScoreEvent {
  return { ...event, stamps: JSON.parse(stamps) as ScoreEvent["stamps"] };
}

/** Whether two values are the same JSON, whatever the order of their members. */
function sameText(a: unknown, b: unknown): boolean {
  return sortedJson(a) === sortedJson(b);
}

const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );

const sameRefusal = (a: Refusal | null, b: Refusal | null) => a?.status === b?.status && a?.detail === b?.detail;

const bad = (sequence: number, problem: string) =>
  new SnapshotError("snapshots/bad-credential", `The stamp of entry ${sequence} ${problem}`, { sequence });

const differ = (sequence: number, problem: string, cause?: unknown) =>
  new SnapshotError("snapshots/scores-differ", `The log does not hold: entry ${sequence} ${problem}`, { sequence }, { cause });
