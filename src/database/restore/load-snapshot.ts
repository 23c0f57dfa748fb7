// A snapshot's records into an empty database, in one transaction: until its last statement nobody sees a row, and a process that
// is killed leaves what was there, nothing.
import { packCredential } from "../../passport/credential/compact.js";
import { packedText } from "./packed-stamps.js";
import { fingerprintOf } from "../../scoring/service/packed/fingerprint.js";
import { noProgress, type Progress } from "../../shared/progress.js";
import { SnapshotError } from "../../snapshots/errors.js";
import { LogTimes } from "../../snapshots/log-times.js";
import type { Manifest } from "../../snapshots/manifest.js";
import type { RecordPage } from "../../snapshots/read-snapshot.js";
import type { SnapshotRecord, Stream } from "../../snapshots/record.js";
import { CurrentState } from "../../snapshots/state/current-state.js";
import { rowFromBanEvent, rowFromRevocation } from "../passport-rows.js";
import type { BulkTarget } from "./bulk-target.js";
import { CopyRows, type CopyValue } from "./copy-text.js";
import { dropIndexes } from "./table-indexes.js";

export interface LoadOptions {
  /** Whether stamps are there, or scores alone. */
  readonly streams: readonly Stream[];
  readonly progress?: Progress;
}

export interface LoadedSnapshot {
  readonly records: number;
  readonly stamps: number;
  readonly links: number;
}

/** A COPY takes about so many bytes: memory holds one of each table. */
const BATCH_BYTES = 2 ** 23;

const SCORE = [
  ...["version", "rules_hash", "status", "error", "score", "sum", "threshold", "passing", "chain_score", "scored_at"],
  ...["expires_at", "flips_at", "scale", "stamps"],
];
const BIG = ["stamps", "scorer_stamps", "links", "scores", "stamp_events", "score_events"];
/** All that a restore fills. */
const FILLED = [...BIG, "scorers", "scorer_versions", "stamp_revocations", "ban_events", "issuer_revocations"];

/**
 * Loads the pages of a verified snapshot. Throws `snapshots/database-not-empty`, and `snapshots/bad-time`; a contradiction in the log
 * takes all back.
 */
export async function loadSnapshot(
  target: BulkTarget,
  manifest: Manifest,
  pages: AsyncIterable<RecordPage>,
  { streams, progress = noProgress }: LoadOptions,
): Promise<LoadedSnapshot> {
  await target.run("begin");
  try {
    await requireEmpty(target);
    await target.run("create temporary table score_fingerprints (seq bigint, fingerprint bytea) on commit drop");
    const dropped = await dropIndexes(target, BIG);
    const loader = new Loader(target, streams.includes("stamps"));
    const times = new LogTimes();
    for await (const { records } of pages) {
      for (const record of records) times.check(record, manifest.createdAt ?? undefined);
      await loader.load(records);
    }
    const loaded = await loader.finish(manifest);
    await dropped.restore((done, total) => progress.update("building indexes", done, total));
    await target.run(
      `update passport_head set seq = ${manifest.sequence}, notice_seq = ${loader.noticeSequence} where id = 1`,
    );
    if (!streams.includes("stamps")) await forbidWriting(target);
    await target.run("commit");
    progress.finish();
    return loaded;
  } catch (error) {
    // The connection may be what failed; then the server has taken everything back itself.
    await target.run("rollback").catch(() => {});
    throw contradiction(error);
  }
}

async function requireEmpty(target: BulkTarget): Promise<void> {
  // A service that starts meanwhile waits, and then finds a database that is full.
  await target.run(`lock table ${["passport_head", ...FILLED].join(", ")} in access exclusive mode`);
  const filled = FILLED.map((table) => `exists (select 1 from ${table})`).join(" or ");
  const [row] = await target.run<{ filled: boolean }>(
    `select (${filled} or (select seq <> 0 from passport_head)) as filled`,
  );
  if (row?.filled === false) return;
  const message = "The database has passports already; restore into an empty one";
  throw new SnapshotError("snapshots/database-not-empty", message);
}

/** Scores without stamps can be read and must never be computed anew: they would all become zero. */
async function forbidWriting(target: BulkTarget): Promise<void> {
  await target.run(`
    create function refuse_change_of_mirror() returns trigger language plpgsql as $$
      begin raise exception 'this database was restored from scores alone: it can be read only'; end $$`);
  await target.run(`
    create trigger passport_head_mirror before update or delete or truncate on passport_head
      for each statement execute function refuse_change_of_mirror()`);
}

/** The only way that verified bytes fail here is a log that no service wrote. */
function contradiction(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string" || !code.startsWith("23")) return error;
  const message = "The snapshot's log contradicts itself; nothing was restored";
  return new SnapshotError("snapshots/malformed-chunk", message, {}, { cause: error });
}

/** A byte string as COPY reads it. */
const hex = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;

class Loader {
  readonly #target: BulkTarget;
  #state: CurrentState | null;
  #records = 0;
  #stampCount = 0;
  #noticeSequence = 0;
  readonly #scorers = new CopyRows("scorers", [
    ...["id", "name", "description", "owner", "version", "registry_id", "created_at"],
  ]);
  readonly #versions = new CopyRows("scorer_versions", [
    ...["scorer_id", "version", "seq", "rules_hash", "rules", "author", "reason", "created_at"],
  ]);
  readonly #revocations = new CopyRows("stamp_revocations", ["digest", "author", "reason", "revoked_at"]);
  readonly #bans = new CopyRows("ban_events", [
    ...["seq", "at", "type", "author", "reason", "ban", "kind", "subject", "provider", "until"],
  ]);
  readonly #issuerRevocations = new CopyRows("issuer_revocations", [
    ...["seq", "at", "issuer", "list", "kind", "value", "revoked_at", "reason"],
  ]);
  readonly #stamps = new CopyRows("stamps", [
    ...["digest", "account", "provider", "issuer", "form", "key_version", "nullifiers", "link_keys", "issued_at"],
    ...["expires_at", "credential", "seq"],
  ]);
  readonly #stampEvents = new CopyRows("stamp_events", ["seq", "at", "type", "scorer_id", "account", "digest", "data"]);
  readonly #scoreEvents = new CopyRows("score_events", [
    ...["seq", "at", "scorer_id", "account", "cause", ...SCORE, "breakdown"],
  ]);
  readonly #fingerprints = new CopyRows("score_fingerprints", ["seq", "fingerprint"]);
  readonly #shown = new CopyRows("scorer_stamps", [
    ...["scorer_id", "account", "digest", "seq", "refusal", "refusal_detail"],
  ]);
  readonly #links = new CopyRows("links", [
    ...["scope", "key", "account", "provider", "digest", "since", "expires_at", "release_account", "release_seq"],
    "release_free_at",
  ]);

  constructor(target: BulkTarget, withStamps: boolean) {
    this.#target = target;
    this.#state = withStamps ? new CurrentState() : null;
  }

  /** The newest ban or issuer's revocation. */
  get noticeSequence(): number {
    return this.#noticeSequence;
  }

  async load(records: readonly SnapshotRecord[]): Promise<void> {
    for (const record of records) {
      this.#take(record);
      this.#state?.apply(record);
    }
    this.#records += records.length;
    const scores = [this.#scoreEvents, this.#fingerprints];
    const growing = [this.#stamps, this.#stampEvents, ...scores, this.#bans, this.#issuerRevocations];
    for (const rows of growing) await this.#flush(rows, BATCH_BYTES);
  }

  async #flush(rows: CopyRows, least = 1): Promise<void> {
    if (rows.waiting >= least) await this.#target.copy(rows);
  }

  #take(record: SnapshotRecord): void {
    const { sequence } = record;
    switch (record.kind) {
      case "version": {
        const { scorerId, version, rulesHash, rules, author, reason, createdAt, scorer } = record;
        this.#versions.add([scorerId, version, sequence, rulesHash, rules, author, reason, createdAt]);
        if (scorer === null) return;
        const { name, description, owner } = scorer;
        return this.#scorers.add([scorerId, name, description, owner, version, null, createdAt]);
      }
      case "accepted": {
        const { at, scorerId, stamp, credential } = record;
        const { digest, account, provider, issuer, form, keyVersion, nullifiers, linkKeys, issuedAt, expiresAt } =
          stamp;
        this.#stampEvents.add([sequence, at, "accepted", scorerId, account, digest, JSON.stringify({ stamp })]);
        if (credential === null) return;
        this.#stampCount += 1;
        const lists = [JSON.stringify(nullifiers), JSON.stringify(linkKeys)];
        const text = JSON.stringify(packCredential(credential));
        const head = [digest, account, provider, issuer, form, keyVersion];
        return this.#stamps.add([...head, ...lists, issuedAt, expiresAt, text, sequence]);
      }
      case "stamp": {
        const { at, type, scorerId, account, digest, data } = record;
        this.#stampEvents.add([sequence, at, type, scorerId, account ?? "", digest, data]);
        if (type !== "revoked") return;
        const { author, reason } = JSON.parse(data) as { author: string; reason: string };
        return this.#revocations.add([digest, author, reason, at]);
      }
      case "score": {
        const row: CopyValue[] = [sequence, record.at, record.scorerId, record.account, record.cause];
        row.push(record.version, record.rulesHash, record.status, record.error, record.score, record.sum);
        row.push(record.threshold, record.passing, record.chainScore, record.scoredAt, record.expiresAt);
        row.push(record.flipsAt, record.scale);
        const breakdown = packedText(record.stamps);
        if (breakdown === null) return this.#scoreEvents.add([...row, record.stamps, null]);
        this.#fingerprints.add([sequence, hex(fingerprintOf(record, breakdown))]);
        return this.#scoreEvents.add([...row, null, hex(breakdown)]);
      }
      case "ban": {
        const { seq, at, type, author, reason, ban, kind, subject, provider, until } = rowFromBanEvent(record.event);
        this.#noticeSequence = sequence;
        return this.#bans.add([seq, at, type, author, reason, ban, kind, subject, provider, until]);
      }
      case "revocation": {
        const { seq, at, issuer, list, kind, value, revoked_at, reason } = rowFromRevocation(record.event);
        this.#noticeSequence = sequence;
        return this.#issuerRevocations.add([seq, at, issuer, list, kind, value, revoked_at, reason]);
      }
    }
  }

  async finish({ scorers }: Manifest): Promise<LoadedSnapshot> {
    const events = [this.#stampEvents, this.#scoreEvents, this.#fingerprints, this.#bans, this.#issuerRevocations];
    for (const rows of [this.#scorers, this.#versions, this.#revocations, this.#stamps, ...events])
      await this.#flush(rows);
    await this.#target.run(`
      update scorers s set version = v.version
      from (select scorer_id, max(version) as version from scorer_versions group by scorer_id) v where v.scorer_id = s.id`);
    for (const { id, registryId } of scorers) {
      if (registryId === null) continue;
      // Parsed: digits, and an integer.
      await this.#target.run(`update scorers set registry_id = ${registryId} where id = ${id}`);
    }
    await this.#target.run(`
      insert into scores (scorer_id, account, seq, ${SCORE.join(", ")}, fingerprint)
      select e.scorer_id, e.account, e.seq, ${SCORE.map((column) => `e.${column}`).join(", ")}, f.fingerprint
      from score_events e
      join (select max(seq) as seq from score_events group by scorer_id, account) newest on newest.seq = e.seq
      left join score_fingerprints f on f.seq = e.seq`);
    for (const { scorerId, account, digest, sequence, refusal } of this.#state?.shown() ?? []) {
      this.#shown.add([scorerId, account, digest, sequence, refusal?.status ?? null, refusal?.detail ?? null]);
      await this.#flush(this.#shown, BATCH_BYTES);
    }
    await this.#flush(this.#shown);
    for (const link of this.#state?.links() ?? []) {
      const { scope, key, account, provider, digest, since, expiresAt, release } = link;
      const free = release === null ? [null, null, null] : [release.account, release.sequence, release.freeAt];
      this.#links.add([scope, key, account, provider, digest, since, expiresAt, ...free]);
      await this.#flush(this.#links, BATCH_BYTES);
    }
    await this.#flush(this.#links);
    const loaded = { records: this.#records, stamps: this.#stampCount, links: this.#state?.linkCount ?? 0 };
    // Hundreds of megabytes that nobody needs while the engine sorts for its indexes.
    this.#state = null;
    return loaded;
  }
}
