import type { Certificate } from "../../certificates/certificate.js";
import type { CertificateMessage } from "../../certificates/certificate-message.js";
import type { Alarm } from "./alarm.js";

/** A version that stewards say they run, with its share of the stake; undefined where they said none. */
export interface SoftwareShare {
  readonly software: string | undefined;
  readonly share: number;
}

/** An aggregator's word about the stewards' programs. Nobody can verify it; it is for statistics alone. */
export interface SoftwareSource {
  readonly name: string;
  /** Undefined while nobody signs in the epoch. Throws as a `CertificateSource` does. */
  software(epoch: bigint): Promise<SoftwareShare[] | undefined>;
}

/** What is kept of a signed certificate that was verified. */
export interface WatchedCertificate {
  /** The aggregator that has it. */
  readonly source: string;
  readonly hash: string;
  readonly epoch: bigint;
  /** As `entityKey`. */
  readonly entity: string;
  readonly message: CertificateMessage;
  /** Of those whose signatures are in the proof. */
  readonly signedStake: bigint;
  readonly totalStake: bigint;
}

/** An alarm as it is kept. Times are milliseconds since 1970. */
export interface KeptAlarm {
  readonly alarm: Alarm;
  readonly raisedAt: number;
  /** Null while it holds. */
  readonly clearedAt: number | null;
  /** Whether the receiver took what there is to say about it: that it holds, or that it is over. */
  readonly delivered: boolean;
}

/** What a watcher keeps. Every method is one transaction. */
export interface WatcherStore {
  /** Keeps a certificate that was verified; one that is there stays. `facts` is undefined for a genesis certificate. */
  saveVerified(source: string, certificate: Certificate, facts: WatchedCertificate | undefined): Promise<void>;
  isVerified(source: string, hash: string): Promise<boolean>;
  verified(source: string, hash: string): Promise<Certificate | undefined>;
  /** The facts about certificates of `from` and later epochs, in no order. */
  watched(from: bigint): Promise<WatchedCertificate[]>;

  /** All alarms that hold, and those that are over and not delivered as such. */
  alarms(): Promise<KeptAlarm[]>;
  /** Writes alarms, each over what was kept under its key. */
  saveAlarms(alarms: readonly KeptAlarm[]): Promise<void>;
  /** Notes that the receiver took an alarm as it was kept; nothing when it changed meanwhile. */
  markDelivered(alarm: KeptAlarm): Promise<void>;
}

/** Who hears of alarms. */
export interface AlarmReceiver {
  /** Throws when it may not have arrived: then it is sent again. */
  deliver(alarm: KeptAlarm): Promise<void>;
}
