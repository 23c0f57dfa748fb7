// What the tables of current state hold besides scores, computed from the log: which stamps are shown, and who holds which
// nullifier. The same steps as src/scoring/service/replay.ts without the scores, in memory that a million passports fit into;
// test/unit/snapshots/current-state.test.ts holds one against the other.
import { claimLinks } from "../../scoring/rules/links/claim-link.js";
import type { Link, LinkClaim } from "../../scoring/rules/links/link.js";
import { releaseLinks, revokeLinks } from "../../scoring/rules/links/release-link.js";
import { scoringTime, type Round } from "../../scoring/rules/round.js";
import { readVersion } from "../../scoring/service/scorer-version.js";
import { SnapshotError } from "../errors.js";
import type { SnapshotRecord, StampRecord } from "../record.js";
import { LinksState } from "./links-state.js";
import { ShownStamps, type ShownRefusal } from "./shown-stamps.js";

/** A row of the stamps that are shown. */
export interface ShownRow {
  readonly scorerId: number;
  readonly account: string;
  readonly digest: string;
  readonly sequence: number;
  readonly refusal: ShownRefusal | null;
}

interface ScorerTerms {
  readonly scope: string;
  /** Seconds. */
  readonly cooling: number;
  readonly round: Round | null;
}

export class CurrentState {
  readonly #shown = new ShownStamps();
  readonly #links = new LinksState(this.#shown);
  readonly #scorers = new Map<number, ScorerTerms>();

  /** Takes the next record of the log. */
  apply(record: SnapshotRecord): void {
    switch (record.kind) {
      case "version": {
        const { scope, rules } = readVersion(record);
        this.#scorers.set(record.scorerId, { scope, cooling: rules.dedupe.cooling, round: rules.round });
        return;
      }
      case "accepted":
        return this.#shown.accept(record.scorerId, record.stamp, record.sequence);
      case "stamp":
        return this.#applyStamp(record);
      case "score":
        // A run that failed left links as they were.
        if (record.status === "DONE") this.#claimAll(record.scorerId, record.account, record.at);
        return;
      case "ban":
      case "revocation":
        // What they do to a stamp are entries of the stamp's own.
        return;
    }
  }

  #applyStamp(record: StampRecord): void {
    const { type, scorerId, account, at, data } = record;
    switch (type) {
      case "declined":
      case "revoked":
        return;
      case "refused": {
        const index = this.#stampOf(record);
        this.#shown.refuse(index, JSON.parse(data) as ShownRefusal);
        const keys = this.#shown.keys(index).map(String);
        const { scope, round } = this.#terms(scorerId);
        const revoked = { scope, keys, digest: this.#shown.digest(index) };
        return this.#links.apply(revokeLinks(this.#links, revoked, scoringTime(round, at)));
      }
      case "restored":
        return this.#shown.refuse(this.#stampOf(record), null);
      case "released":
        return this.#release(record, (JSON.parse(data) as { provider: string }).provider);
      case "claimed":
        return this.#claim(this.#stampOf(record), at);
      case "settled":
        return this.#claimAll(scorerId, account as string, at);
    }
  }

  #release({ scorerId, account, sequence, at }: StampRecord, provider: string): void {
    const { scope, cooling } = this.#terms(scorerId);
    const owner = this.#shown.accountNumber(account as string);
    const own = this.#shown.of(scorerId, owner).filter((index) => this.#shown.provider(index) === provider);
    const keys = [...new Set(own.flatMap((index) => this.#shown.keys(index)))].map(String).filter((key) => {
      const link = this.#links.find(scope, key);
      return link?.account === String(owner) && link.expiresAt > at && link.release === null;
    });
    this.#links.apply(releaseLinks(this.#links, { scope, keys, account: String(owner), sequence, cooling }, at));
  }

  #claimAll(scorerId: number, account: string, at: number): void {
    for (const index of this.#shown.of(scorerId, this.#shown.accountNumber(account))) this.#claim(index, at);
  }

  #claim(index: number, at: number): void {
    const shown = this.#shown;
    if (shown.refusal(index) !== undefined) return;
    const { scope, round } = this.#terms(shown.scorer(index));
    const claim: LinkClaim = {
      scope,
      keys: shown.keys(index).map(String),
      account: String(shown.account(index)),
      provider: shown.provider(index),
      digest: shown.digest(index),
      sequence: shown.sequence(index),
      expiresAt: shown.expiresAt(index),
    };
    this.#links.apply(claimLinks(this.#links, claim, scoringTime(round, at)).changes, index);
  }

  #terms(scorerId: number): ScorerTerms {
    const terms = this.#scorers.get(scorerId);
    if (terms !== undefined) return terms;
    throw new SnapshotError("snapshots/malformed-chunk", `the log speaks of the scorer ${scorerId} before its first version`);
  }

  #stampOf({ scorerId, account, digest, sequence }: StampRecord): number {
    const found =
      account === null || digest === null
        ? undefined
        : this.#shown.find(scorerId, this.#shown.accountNumber(account), digest);
    if (found !== undefined) return found;
    throw new SnapshotError("snapshots/malformed-chunk", `the entry ${sequence} is about a stamp that was never accepted`);
  }

  get linkCount(): number {
    return this.#links.count;
  }

  *shown(): Generator<ShownRow> {
    const shown = this.#shown;
    for (let index = 0; index < shown.count; index++) {
      yield {
        scorerId: shown.scorer(index),
        account: shown.accountText(shown.account(index)),
        digest: shown.digest(index),
        sequence: shown.sequence(index),
        refusal: shown.refusal(index) ?? null,
      };
    }
  }

  links(): Generator<Link> {
    return this.#links.all();
  }
}
