import type { Kysely, Selectable } from "kysely";

import { decodeMessage, encodeMessage } from "../../certificates/certificate-message.js";
import { certificateFromJson, certificateToJson } from "../../certificates/certificate-json.js";
import type { Certificate } from "../../certificates/certificate.js";
import { alarmKey } from "../../nodes/watcher/alarm.js";
import { alarmFromJson, alarmToJson } from "../../nodes/watcher/alarm-json.js";
import type { KeptAlarm, WatchedCertificate, WatcherStore } from "../../nodes/watcher/ports.js";
import { guardPassportDatabase } from "../database-errors.js";
import type { Database, WatchedCertificatesTable, WatcherAlarmsTable } from "../schema.js";

/** What a watcher saw and told, in SQL. */
export class DatabaseWatcherStore implements WatcherStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async saveVerified(source: string, certificate: Certificate, facts: WatchedCertificate | undefined): Promise<void> {
    const row = {
      ...{ source, hash: certificate.hash, epoch: Number(certificate.epoch) },
      document: JSON.stringify(certificateToJson(certificate)),
      entity: facts?.entity ?? null,
      message: facts === undefined ? null : JSON.stringify(encodeMessage(facts.message)),
      signed_stake: facts?.signedStake.toString() ?? null,
      total_stake: facts?.totalStake.toString() ?? null,
    };
    const insert = this.#db.insertInto("watched_certificates").values(row);
    await guardPassportDatabase(() => insert.onConflict((conflict) => conflict.doNothing()).execute());
  }

  async isVerified(source: string, hash: string): Promise<boolean> {
    const query = this.#db.selectFrom("watched_certificates").select("hash");
    const own = query.where("source", "=", source).where("hash", "=", hash);
    return (await guardPassportDatabase(() => own.executeTakeFirst())) !== undefined;
  }

  async verified(source: string, hash: string): Promise<Certificate | undefined> {
    const query = this.#db.selectFrom("watched_certificates").select("document");
    const own = query.where("source", "=", source).where("hash", "=", hash);
    const row = await guardPassportDatabase(() => own.executeTakeFirst());
    return row === undefined
      ? undefined
      : certificateFromJson(JSON.parse(row.document), `the kept certificate ${hash}`);
  }

  async watched(from: bigint): Promise<WatchedCertificate[]> {
    const query = this.#db.selectFrom("watched_certificates");
    const columns = ["source", "hash", "epoch", "entity", "message", "signed_stake", "total_stake"] as const;
    const recent = query.select(columns).where("epoch", ">=", Number(from)).where("entity", "is not", null);
    return (await guardPassportDatabase(() => recent.execute())).map(factsOfRow);
  }

  async alarms(): Promise<KeptAlarm[]> {
    const query = this.#db.selectFrom("watcher_alarms").selectAll();
    const open = query.where((where) => where.or([where("cleared_at", "is", null), where("delivered", "=", false)]));
    return (await guardPassportDatabase(() => open.orderBy("key").execute())).map(alarmOfRow);
  }

  async saveAlarms(alarms: readonly KeptAlarm[]): Promise<void> {
    if (alarms.length === 0) return;
    const rows = alarms.map(({ alarm, raisedAt, clearedAt, delivered }) => ({
      ...{ key: alarmKey(alarm), document: JSON.stringify(alarmToJson(alarm)) },
      ...{ raised_at: raisedAt, cleared_at: clearedAt, delivered },
    }));
    await guardPassportDatabase(() =>
      this.#db
        .insertInto("watcher_alarms")
        .values(rows)
        .onConflict((conflict) =>
          conflict.column("key").doUpdateSet((excluded) => ({
            document: excluded.ref("excluded.document"),
            raised_at: excluded.ref("excluded.raised_at"),
            cleared_at: excluded.ref("excluded.cleared_at"),
            delivered: excluded.ref("excluded.delivered"),
          })),
        )
        .execute(),
    );
  }

  async markDelivered({ alarm, raisedAt, clearedAt }: KeptAlarm): Promise<void> {
    const update = this.#db.updateTable("watcher_alarms").set({ delivered: true });
    const same = update.where("key", "=", alarmKey(alarm)).where("raised_at", "=", raisedAt);
    const asTold = clearedAt === null ? same.where("cleared_at", "is", null) : same.where("cleared_at", "=", clearedAt);
    await guardPassportDatabase(() => asTold.execute());
  }
}

type FactsRow = Omit<Selectable<WatchedCertificatesTable>, "document">;

function factsOfRow({ source, hash, epoch, entity, message, signed_stake, total_stake }: FactsRow): WatchedCertificate {
  return {
    ...{ source, hash, epoch: BigInt(epoch), entity: entity ?? "" },
    message: decodeMessage(JSON.parse(message ?? "null"), `the kept message of ${hash}`),
    signedStake: BigInt(signed_stake ?? ""),
    totalStake: BigInt(total_stake ?? ""),
  };
}

const alarmOfRow = ({ document, raised_at, cleared_at, delivered }: Selectable<WatcherAlarmsTable>): KeptAlarm => ({
  alarm: alarmFromJson(JSON.parse(document)),
  raisedAt: Number(raised_at),
  clearedAt: cleared_at === null ? null : Number(cleared_at),
  delivered,
});
