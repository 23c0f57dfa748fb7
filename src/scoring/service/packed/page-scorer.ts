// The accounts of a rescore's page whose stamps all stand: scored from packed rows, with no more of the links than is needed.
import { claimOf, scorable } from "../../assemble.js";
import { claimLinks } from "../../rules/links/claim-link.js";
import type { ScorableStamp } from "../../rules/score.js";
import { unixSeconds, type Clock } from "../../../shared/clock.js";
import type { PreparedPassport, PreparedScore, ScoringPage, StoredPassport } from "../ports.js";
import { recordOf, type ScoreCause, type ScoreRecord } from "../records.js";
import type { ScorerVersion } from "../scorer-version.js";
import { versionOf, type PassportWorkspace } from "../workspace.js";
import { fingerprintOf } from "./fingerprint.js";
import { FlatPassport } from "./flat-passport.js";
import { FlatScorer } from "./flat-scorer.js";
import { stampOfPacked, unpackPassport } from "./passport.js";

const NO_KEYS: readonly string[] = [];
const NO_STAMPS: ScoreRecord["stamps"] = [];
const nothing = (): undefined => undefined;

/** A page that was read this long ago, in seconds, is read again: its time is the time of its scores. */
const STALE = 5;

/** One page at one moment. */
export class PageScorer implements ScoringPage {
  readonly limit: number;
  readonly #clock: Clock;
  readonly #flat = new FlatPassport();
  readonly #now: number;
  readonly #stands: (account: string, passport: FlatPassport) => boolean;
  #version: ScorerVersion | undefined;
  #scorer: FlatScorer | undefined;

  constructor(
    limit: number,
    clock: Clock,
    recheckAt: (now: number) => (account: string, passport: FlatPassport) => boolean,
  ) {
    this.limit = limit;
    this.#clock = clock;
    this.#now = unixSeconds(clock);
    this.#stands = recheckAt(this.#now);
  }

  get now(): number {
    return this.#now;
  }

  isFresh(): boolean {
    return Math.abs(unixSeconds(this.#clock) - this.#now) <= STALE;
  }

  /** Scores what does not depend on other accounts; null for a passport that is not plain, which must be loaded as a whole. */
  prepare(version: ScorerVersion, stored: StoredPassport): PreparedPassport | null {
    const { account, status, passing, fingerprint, packed } = stored;
    if (fingerprint === null || packed === null || packed.length === 0 || status !== "DONE") return null;
    const flat = this.#flat;
    try {
      flat.read(packed);
    } catch {
      // The row is derived: the tables that it comes from still have everything.
      return null;
    }
    let open = false;
    for (let place = 0; place < flat.count; place++) {
      if (flat.refused[place] !== 0) return null;
      open ||= this.#isOpen(place);
    }
    if (!this.#stands(account, flat)) return null;
    const base = { account, passing, fingerprint };
    if (!open) {
      const scored = this.#tryScore(version, account, nothing);
      return scored === null ? null : { ...base, linkKeys: NO_KEYS, scored, packed: null };
    }
    const places = Array.from({ length: flat.count }, (_, place) => place).filter((place) => this.#isOpen(place));
    return { ...base, linkKeys: places.flatMap((place) => flat.linkKeys(place)), scored: null, packed };
  }

  /** Neither settled nor over: it has links to meet. */
  #isOpen(place: number): boolean {
    return this.#flat.settled[place] === 0 && (this.#flat.expiries[place] as number) > this.#now;
  }

  /** Puts a prepared account's score into the workspace, where anything about it is new. False when it cannot be computed. */
  finish(workspace: PassportWorkspace, scorerId: number, prepared: PreparedPassport, cause: ScoreCause): boolean {
    const { account, fingerprint } = prepared;
    let moved = false;
    const claim = () => {
      const refusals = new Map<number, ScorableStamp["refusal"]>();
      moved = this.#claim(workspace, scorerId, prepared, refusals);
      return this.#tryScore(versionOf(workspace, scorerId), account, (place) => refusals.get(place));
    };
    const scored = prepared.scored ?? claim();
    if (scored === null) return false;
    const at = this.#now;
    if (!scored.fingerprint.equals(fingerprint)) workspace.putPackedScore({ ...scored, at, cause });
    else if (moved) workspace.record({ at, type: "settled", scorerId, account, digest: null, data: { cause } });
    return true;
  }

  /** The open stamps meet their links, in the order of acceptance; true when a link has changed. */
  #claim(
    workspace: PassportWorkspace,
    scorerId: number,
    { account, packed }: PreparedPassport,
    refusals: Map<number, ScorableStamp["refusal"]>,
  ): boolean {
    const { scope } = versionOf(workspace, scorerId);
    this.#flat.read(packed as Buffer);
    let moved = false;
    unpackPassport(packed as Buffer).forEach((stamp, place) => {
      if (!this.#isOpen(place)) return;
      const verified = stampOfPacked(account, stamp);
      const { outcome, changes } = claimLinks(workspace, claimOf(verified, scope, stamp.sequence), this.#now);
      workspace.apply(changes);
      moved ||= changes.length > 0;
      refusals.set(place, scorable(verified, outcome).refusal);
    });
    return moved;
  }

  #tryScore(
    version: ScorerVersion,
    account: string,
    refusalOf: (place: number) => ScorableStamp["refusal"] | undefined,
  ): PreparedScore | null {
    if (this.#version !== version) {
      this.#version = version;
      this.#scorer = new FlatScorer(version.compiled);
    }
    try {
      const { score, breakdown } = (this.#scorer as FlatScorer).score(this.#flat, this.#now, refusalOf);
      const unmet = { gate: false, required: [], allowList: false };
      const record = recordOf(version.scorerId, account, version.version, { ...score, unmet, stamps: NO_STAMPS });
      return { record, breakdown, fingerprint: fingerprintOf(record, breakdown) };
    } catch {
      return null;
    }
  }
}
