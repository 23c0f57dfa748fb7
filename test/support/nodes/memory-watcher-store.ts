import type { Certificate } from "../../../src/certificates/certificate.js";
import { alarmKey } from "../../../src/nodes/watcher/alarm.js";
import type { KeptAlarm, WatchedCertificate, WatcherStore } from "../../../src/nodes/watcher/ports.js";

/** A watcher's store in memory. A test keeps it when it ends a process, as a disk would. */
export class MemoryWatcherStore implements WatcherStore {
  readonly certificates = new Map<string, { certificate: Certificate; facts: WatchedCertificate | undefined }>();
  readonly kept = new Map<string, KeptAlarm>();

  saveVerified(source: string, certificate: Certificate, facts: WatchedCertificate | undefined): Promise<void> {
    const key = `${source} ${certificate.hash}`;
    if (!this.certificates.has(key)) this.certificates.set(key, { certificate, facts });
    return Promise.resolve();
  }

  isVerified(source: string, hash: string): Promise<boolean> {
    return Promise.resolve(this.certificates.has(`${source} ${hash}`));
  }

  verified(source: string, hash: string): Promise<Certificate | undefined> {
    return Promise.resolve(this.certificates.get(`${source} ${hash}`)?.certificate);
  }

  watched(from: bigint): Promise<WatchedCertificate[]> {
    const facts = [...this.certificates.values()].flatMap((one) => (one.facts === undefined ? [] : [one.facts]));
    return Promise.resolve(facts.filter(({ epoch }) => epoch >= from));
  }

  alarms(): Promise<KeptAlarm[]> {
    const all = [...this.kept.values()];
    return Promise.resolve(all.filter(({ clearedAt, delivered }) => clearedAt === null || !delivered));
  }

  saveAlarms(alarms: readonly KeptAlarm[]): Promise<void> {
    for (const one of alarms) this.kept.set(alarmKey(one.alarm), one);
    return Promise.resolve();
  }

  markDelivered({ alarm, raisedAt, clearedAt }: KeptAlarm): Promise<void> {
    const key = alarmKey(alarm);
    const kept = this.kept.get(key);
    if (kept?.raisedAt === raisedAt && kept.clearedAt === clearedAt) this.kept.set(key, { ...kept, delivered: true });
    return Promise.resolve();
  }
}
