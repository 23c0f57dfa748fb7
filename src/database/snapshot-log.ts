import { sql, type Kysely } from "kysely";

import { compactCredential, unpackCredential } from "../passport/credential/compact.js";
import { unpackBreakdown } from "../scoring/service/packed/breakdown.js";
import type { VerifiedStamp } from "../passport/verify.js";
import { SnapshotError } from "../snapshots/errors.js";
import type { SnapshotScorer } from "../snapshots/manifest.js";
import type { LogSource } from "../snapshots/ports.js";
import type { ScoreEventRecord, SnapshotRecord, StampRecord, VersionRecord } from "../snapshots/record.js";
import { guardPassportDatabase } from "./database-errors.js";
import { banEventFromRow, revocationFromRow, scoreFromColumns } from "./passport-rows.js";
import type { Database, ScoreEventsTable, StampEventsTable } from "./schema.js";

/** How many entries are looked at together from the log's end. */
const WINDOW = 4_096;

/** Sequence and time of the entries of a range, of whatever kind. */
const entriesBetween = (first: number, last: number) => {
  const between = sql`seq between ${first} and ${last}`;
  return sql`(
    select seq, created_at as at from scorer_versions where ${between}
    union all select seq, at from stamp_events where ${between}
    union all select seq, at from score_events where ${between}
    union all select seq, at from ban_events where ${between}
    union all select seq, at from issuer_revocations where ${between}) as entries`;
};

/** Engines differ in what they give a minimum as. */
const numberOr = <Other>(value: unknown, other: Other): number | Other =>
  value === null || value === undefined ? other : Number(value);

/** The passport log of a database, as snapshots seal it. What is committed below the head never changes. */
export class DatabaseLogSource implements LogSource {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async head(): Promise<number> {
    const query = this.#db.selectFrom("passport_head").select("seq");
    return (await guardPassportDatabase(() => query.executeTakeFirstOrThrow())).seq;
  }

  async read(first: number, last: number): Promise<SnapshotRecord[]> {
    const records = await guardPassportDatabase(() =>
      Promise.all([
        this.#versions(first, last),
        this.#stamps(first, last),
        this.#scores(first, last),
        this.#bans(first, last),
        this.#revocations(first, last),
      ]),
    );
    return records.flat().sort((a, b) => a.sequence - b.sequence);
  }

  /** From the end on, window by window: times follow the order, so the first window without a later entry ends the search. */
  async cutAt(time: number): Promise<number> {
    let cut = await this.head();
    for (let last = cut; last > 0; last -= WINDOW) {
      const later = await this.#firstLater(time, Math.max(1, last - WINDOW + 1), last);
      if (later === null) return cut;
      cut = later - 1;
    }
    return cut;
  }

  async #firstLater(time: number, first: number, last: number): Promise<number | null> {
    const query = sql<{ seq: number | null }>`
      select min(seq) as seq from ${entriesBetween(first, last)} where at > ${time}`;
    const { rows } = await guardPassportDatabase(() => query.execute(this.#db));
    return numberOr(rows[0]?.seq, null);
  }

  /** The time of the log's last entry, in seconds; 0 of an empty log. */
  async newestTime(): Promise<number> {
    const head = await this.head();
    const query = sql<{ at: number | null }>`select max(at) as at from ${entriesBetween(head, head)}`;
    const { rows } = await guardPassportDatabase(() => query.execute(this.#db));
    return numberOr(rows[0]?.at, 0);
  }

  async #versions(first: number, last: number): Promise<VersionRecord[]> {
    const rows = await this.#db
      .selectFrom("scorer_versions as v")
      .innerJoin("scorers as s", "s.id", "v.scorer_id")
      .selectAll("v")
      .select(["s.name", "s.description", "s.owner"])
      .where("v.seq", ">=", first)
      .where("v.seq", "<=", last)
      .execute();
    return rows.map(({ seq, scorer_id, version, rules_hash, created_at, name, description, owner, ...row }) => ({
      kind: "version",
      sequence: seq,
      scorerId: scorer_id,
      version,
      rulesHash: rules_hash,
      rules: row.rules,
      author: row.author,
      reason: row.reason,
      createdAt: created_at,
      scorer: version === 1 ? { name, description, owner } : null,
    }));
  }

  async #stamps(first: number, last: number): Promise<SnapshotRecord[]> {
    const rows = await this.#db
      .selectFrom("stamp_events as e")
      // A stamp has the sequence of its first acceptance, by whatever scorer.
      .leftJoin("stamps as s", "s.seq", "e.seq")
      .selectAll("e")
      .select("s.credential")
      .where("e.seq", ">=", first)
      .where("e.seq", "<=", last)
      .execute();
    return rows.map((row) => (row.type === "accepted" ? acceptedFromRow(row) : stampRecordFromRow(row)));
  }

  async #scores(first: number, last: number): Promise<ScoreEventRecord[]> {
    const query = this.#db.selectFrom("score_events").selectAll().where("seq", ">=", first).where("seq", "<=", last);
    return (await query.execute()).map(scoreRecordFromRow);
  }

  async #bans(first: number, last: number): Promise<SnapshotRecord[]> {
    const query = this.#db.selectFrom("ban_events").selectAll().where("seq", ">=", first).where("seq", "<=", last);
    return (await query.execute()).map((row) => ({ kind: "ban", sequence: row.seq, event: banEventFromRow(row) }));
  }

  async #revocations(first: number, last: number): Promise<SnapshotRecord[]> {
    const rows = this.#db.selectFrom("issuer_revocations").selectAll();
    const found = await rows.where("seq", ">=", first).where("seq", "<=", last).execute();
    return found.map((row) => ({ kind: "revocation", sequence: row.seq, event: revocationFromRow(row) }));
  }

  async scorers(cut: number): Promise<SnapshotScorer[]> {
    const [versions, anchors] = await guardPassportDatabase(() =>
      Promise.all([
        this.#db
          .selectFrom("scorer_versions as v")
          .innerJoin("scorers as s", "s.id", "v.scorer_id")
          .select(["s.id", "s.registry_id", "v.version", "v.rules_hash"])
          .where("v.seq", "<=", cut)
          .orderBy("s.id")
          .orderBy("v.version")
          .execute(),
        this.#db
          .selectFrom("anchors")
          .select(["scorer_id", "number", "root", "issued_at", "count"])
          .orderBy("number")
          .execute(),
      ]),
    );
    // The last of each scorer wins: both lists are sorted.
    const roots = new Map(
      anchors.map(({ scorer_id, issued_at, ...root }) => [scorer_id, { ...root, issuedAt: issued_at }]),
    );
    const newest = new Map(versions.map((row) => [row.id, row]));
    return [...newest.values()].map(({ id, version, rules_hash, registry_id }) => {
      const root = roots.get(id);
      return {
        id,
        version,
        rulesHash: rules_hash,
        registryId: registry_id,
        root:
          root === undefined
            ? null
            : { number: root.number, root: root.root, issuedAt: root.issuedAt, count: root.count },
      };
    });
  }
}

function acceptedFromRow(row: StampEventsTable & { credential: string | null }): SnapshotRecord {
  const { stamp } = JSON.parse(row.data) as { stamp: VerifiedStamp };
  const { seq: sequence, at, scorer_id: scorerId } = row;
  if (row.credential === null) return { kind: "accepted", sequence, at, scorerId, stamp, credential: null };
  const credential = compactCredential(unpackCredential(JSON.parse(row.credential)));
  if (credential === undefined) {
    throw new SnapshotError("snapshots/unsealable", `The stored credential ${stamp.digest} cannot be read`, {
      sequence,
    });
  }
  return { kind: "accepted", sequence, at, scorerId, stamp, credential };
}

function stampRecordFromRow(row: StampEventsTable): StampRecord {
  const { seq: sequence, at, scorer_id: scorerId, digest, data } = row;
  const account = row.account === "" ? null : row.account;
  return { kind: "stamp", sequence, at, type: row.type as StampRecord["type"], scorerId, account, digest, data };
}

function scoreRecordFromRow(row: ScoreEventsTable): ScoreEventRecord {
  return {
    kind: "score",
    sequence: row.seq,
    at: row.at,
    scorerId: row.scorer_id,
    account: row.account,
    cause: row.cause as ScoreEventRecord["cause"],
    ...scoreFromColumns(row),
    stamps: row.breakdown === null ? (row.stamps ?? "[]") : JSON.stringify(unpackBreakdown(row.breakdown)),
  };
}
