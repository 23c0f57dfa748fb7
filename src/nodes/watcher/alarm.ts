/**
 * `fork`: two messages of one epoch have a quorum that cannot both be true. `gap`: an epoch has no certificate on the chain, and
 * its time is over. `low-participation`: little stake stands behind a certificate. `unsafe-parameters`: a third of the stake can
 * forge too easily. `invalid-certificate`: an aggregator offers one that does not verify. `wrong-seal`: the contract sealed another
 * key than registrations and votes give. `unknown-era`: an era is active, or its epoch is fixed, whose rules this program does not
 * have.
 */
export type AlarmKind =
  "fork" | "gap" | "low-participation" | "unsafe-parameters" | "invalid-certificate" | "wrong-seal" | "unknown-era";

export const ALARM_KINDS: readonly AlarmKind[] = [
  "fork",
  "gap",
  "low-participation",
  "unsafe-parameters",
  "invalid-certificate",
  "wrong-seal",
  "unknown-era",
];

export interface Alarm {
  readonly kind: AlarmKind;
  /** What it is about besides its kind and epoch: a source, an entity, or nothing. */
  readonly subject: string;
  readonly epoch: bigint;
  /** For people: one sentence. */
  readonly message: string;
  /** What makes it another alarm when it changes. */
  readonly details: Readonly<Record<string, string | number>>;
}

/** Under which an alarm is kept: one that has this again is the same, or the same that changed. */
export const alarmKey = ({ kind, epoch, subject }: Alarm): string =>
  [kind, epoch.toString(), ...(subject === "" ? [] : [subject])].join(" ");

/** Whether an alarm says what another said. */
export const sameAlarm = (a: Alarm, b: Alarm): boolean => JSON.stringify(a.details) === JSON.stringify(b.details);
