import { invariant } from "../../shared/errors.js";
import { BanIndex } from "../../passport/bans.js";
import { RevocationIndex } from "../../passport/revocations.js";
import type { VerifiedStamp } from "../../passport/verify.js";
import type { Link, LinkChange, LinkReader } from "../rules/links/link.js";
import type { ScoreEvent, ScoreRecord, ShownStamp, StampEvent } from "./records.js";
import type { ScorerVersion } from "./scorer-version.js";

const passportKey = (scorerId: number, account: string) => `${scorerId}|${account}`;
const linkKeyOf = (scope: string, key: string) => `${scope}|${key}`;

/** A stamp to store once, whatever scorers see it. */
export interface NewStamp {
  readonly stamp: VerifiedStamp;
  readonly sequence: number;
  /** As it was sent. */
  readonly credential: unknown;
}

/** A score of a bulk run, ready to be written beside the others of its page. */
export interface PackedScore {
  readonly record: ScoreRecord;
  readonly breakdown: Buffer;
  readonly fingerprint: Buffer;
  readonly sequence: number;
  readonly at: number;
  readonly cause: ScoreEvent["cause"];
}

/** A passport that was loaded with everything it shows, and what the store has noted about it. */
export interface LoadedPassport {
  readonly scorerId: number;
  readonly account: string;
  /** Whether its packed form is stored. */
  readonly packed: boolean;
  /** Digests of the stamps that are noted as having links to meet. */
  readonly open: ReadonlySet<string>;
}

/**
 * The passports that one transaction works on: what was loaded, overlaid with what has changed. A store loads it and writes
 * its changes; a replay starts with an empty one and keeps everything in it, so both run the same code.
 */
export class PassportWorkspace implements LinkReader {
  readonly #versions = new Map<number, ScorerVersion>();
  readonly #shown = new Map<string, Map<string, ShownStamp>>();
  readonly #links = new Map<string, Link>();
  readonly #scores = new Map<string, ScoreRecord>();
  readonly #revoked = new Map<string, string>();
  #sequence: number;
  #undo: (() => void)[] = [];

  /** What a store has to write. */
  readonly newStamps: NewStamp[] = [];
  readonly changedStamps = new Map<string, { scorerId: number; account: string; shown: ShownStamp }>();
  readonly changedLinks = new Set<string>();
  readonly changedScores = new Map<string, ScoreRecord & { sequence: number }>();
  readonly stampEvents: StampEvent[] = [];
  readonly scoreEvents: ScoreEvent[] = [];
  readonly packedScores: PackedScore[] = [];
  /** Passports whose packed form and notes the store can make again. */
  readonly loaded = new Map<string, LoadedPassport>();
  /** Accounts that lost a part of a link in a scope that several scorers share: what others have noted is over. */
  readonly loosened = new Map<string, Set<string>>();

  /** Bans and issuers' revocations as of the sequence. */
  bans: BanIndex;
  revocations: RevocationIndex;

  constructor(sequence = 0, { bans = BanIndex.EMPTY, revocations = RevocationIndex.EMPTY } = {}) {
    this.#sequence = sequence;
    this.bans = bans;
    this.revocations = revocations;
  }

  get sequence(): number {
    return this.#sequence;
  }

  loadPassport(loaded: LoadedPassport): void {
    this.loaded.set(passportKey(loaded.scorerId, loaded.account), loaded);
  }

  loadVersion(version: ScorerVersion): void {
    this.#versions.set(version.scorerId, version);
  }

  loadStamp(scorerId: number, account: string, shown: ShownStamp): void {
    this.#stampsOf(scorerId, account).set(shown.stamp.digest, shown);
  }

  loadLink(link: Link): void {
    this.#links.set(linkKeyOf(link.scope, link.key), link);
  }

  loadScore(record: ScoreRecord): void {
    this.#scores.set(passportKey(record.scorerId, record.account), record);
  }

  loadRevocation(digest: string, reason: string): void {
    this.#revoked.set(digest, reason);
  }

  version(scorerId: number): ScorerVersion | undefined {
    return this.#versions.get(scorerId);
  }

  /** What an account shows to a scorer, in the order of acceptance. */
  stamps(scorerId: number, account: string): ShownStamp[] {
    return [...this.#stampsOf(scorerId, account).values()].sort((a, b) => a.sequence - b.sequence);
  }

  stamp(scorerId: number, account: string, digest: string): ShownStamp | undefined {
    return this.#stampsOf(scorerId, account).get(digest);
  }

  score(scorerId: number, account: string): ScoreRecord | undefined {
    return this.#scores.get(passportKey(scorerId, account));
  }

  /** All scores; of use after a replay. */
  scores(): ScoreRecord[] {
    return [...this.#scores.values()];
  }

  links(): Link[] {
    return [...this.#links.values()];
  }

  find(scope: string, key: string): Link | undefined {
    return this.#links.get(linkKeyOf(scope, key));
  }

  /** Why an operator revoked a credential, if one did. */
  revocation(digest: string): string | undefined {
    return this.#revoked.get(digest);
  }

  nextSequence(): number {
    return ++this.#sequence;
  }

  /** For a replay, whose events have their numbers. */
  setSequence(sequence: number): void {
    this.#sequence = sequence;
  }

  /** Forgets what changed and how to take it back; for a replay, which keeps only what there is. */
  forgetChanges(): void {
    this.#undo = [];
    [this.newStamps.length, this.stampEvents.length, this.scoreEvents.length] = [0, 0, 0];
    for (const changes of [this.changedStamps, this.changedLinks, this.changedScores, this.loosened]) changes.clear();
  }

  /** Runs `work` all or nothing: what it changed is taken back when it throws. Sequence numbers are given again. */
  attempt<T>(work: () => T): T {
    const outer = this.#undo;
    const [sequence, counts] = [this.#sequence, this.#counts()];
    this.#undo = [];
    try {
      const result = work();
      outer.push(...this.#undo);
      return result;
    } catch (error) {
      for (const step of this.#undo.reverse()) step();
      this.#sequence = sequence;
      [this.newStamps.length, this.stampEvents.length, this.scoreEvents.length] = counts;
      throw error;
    } finally {
      this.#undo = outer;
    }
  }

  addStamp(scorerId: number, account: string, shown: ShownStamp, credential: unknown): void {
    this.newStamps.push({ stamp: shown.stamp, sequence: shown.sequence, credential });
    this.putStamp(scorerId, account, shown);
  }

  putStamp(scorerId: number, account: string, shown: ShownStamp): void {
    this.#set(this.#stampsOf(scorerId, account), shown.stamp.digest, shown);
    this.#set(this.changedStamps, `${scorerId}|${shown.stamp.digest}`, { scorerId, account, shown });
  }

  apply(changes: readonly LinkChange[]): void {
    for (const { link, expected } of changes) {
      this.#loosen(link, expected);
      const key = linkKeyOf(link.scope, link.key);
      this.#set(this.#links, key, link);
      if (this.changedLinks.has(key)) continue;
      this.changedLinks.add(key);
      this.#undo.push(() => this.changedLinks.delete(key));
    }
  }

  /** A link that ends earlier than it would have: by a release, or by a revocation. Taken back or not, noting it is safe. */
  #loosen(link: Link, before: Link | undefined): void {
    if (before === undefined || before.account !== link.account || link.scope.startsWith("scorer:")) return;
    if (link.expiresAt >= before.expiresAt && (link.release === null || before.release !== null)) return;
    const accounts = this.loosened.get(link.scope) ?? new Set();
    this.loosened.set(link.scope, accounts.add(link.account));
  }

  changedLinkRows(): Link[] {
    return [...this.changedLinks].map((key) => this.#links.get(key) as Link);
  }

  record(event: Omit<StampEvent, "sequence">, sequence = this.nextSequence()): void {
    this.stampEvents.push({ ...event, sequence });
  }

  putScore(record: ScoreRecord, event: { at: number; cause: ScoreEvent["cause"] }): void {
    const sequence = this.nextSequence();
    const key = passportKey(record.scorerId, record.account);
    this.#set(this.#scores, key, record);
    this.#set(this.changedScores, key, { ...record, sequence });
    this.scoreEvents.push({ ...record, ...event, sequence });
  }

  /** As {@link putScore}, for an account of which nothing else is in here. */
  putPackedScore(score: Omit<PackedScore, "sequence">): void {
    this.packedScores.push({ ...score, sequence: this.nextSequence() });
  }

  #counts(): [number, number, number] {
    return [this.newStamps.length, this.stampEvents.length, this.scoreEvents.length];
  }

  #stampsOf(scorerId: number, account: string): Map<string, ShownStamp> {
    const key = passportKey(scorerId, account);
    const known = this.#shown.get(key);
    if (known !== undefined) return known;
    const made = new Map<string, ShownStamp>();
    this.#shown.set(key, made);
    return made;
  }

  #set<T>(map: Map<string, T>, key: string, value: T): void {
    const [had, before] = [map.has(key), map.get(key)];
    this.#undo.push(() => (had ? map.set(key, before as T) : map.delete(key)));
    map.set(key, value);
  }
}

/** The version of a scorer that must be there, because the caller checked or a foreign key holds it. */
export function versionOf(workspace: PassportWorkspace, scorerId: number): ScorerVersion {
  const version = workspace.version(scorerId);
  invariant(version !== undefined, `scorer ${scorerId} was not loaded`);
  return version;
}
