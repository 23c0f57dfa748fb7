// Alarms over time: each is told once, again when it changes, and once more when it is over.
import type { Logger } from "../../shared/logger.js";
import { type Alarm, alarmKey, sameAlarm } from "./alarm.js";
import type { AlarmReceiver, KeptAlarm, WatcherStore } from "./ports.js";

export interface Evaluation {
  /** Everything that is wrong now, as far as it was looked at. */
  readonly alarms: readonly Alarm[];
  /** Whether an alarm that is not among them may hold none the less: what it is about did not answer. */
  readonly isUnknown: (alarm: Alarm) => boolean;
  /** Older epochs are not looked at any more: their alarms end without a word. */
  readonly from: bigint;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What has to be written so that the kept alarms are those of an evaluation. */
export function reconcile(kept: readonly KeptAlarm[], { alarms, isUnknown, from, now }: Evaluation): KeptAlarm[] {
  const before = new Map(kept.map((one) => [alarmKey(one.alarm), one]));
  const current = new Map(alarms.map((alarm) => [alarmKey(alarm), alarm]));
  const raised = [...current].flatMap(([key, alarm]): KeptAlarm[] => {
    const known = before.get(key);
    const isTold = known !== undefined && known.clearedAt === null && sameAlarm(known.alarm, alarm);
    return isTold ? [] : [{ alarm, raisedAt: now, clearedAt: null, delivered: false }];
  });
  const over = [...before].flatMap(([key, known]): KeptAlarm[] => {
    if (known.clearedAt !== null || current.has(key) || isUnknown(known.alarm)) return [];
    return [{ ...known, clearedAt: now, delivered: known.alarm.epoch < from }];
  });
  return [...raised, ...over];
}

/** Tells the receiver what it does not know yet, in the order in which it happened; what fails is told the next time. */
export async function deliverAlarms(store: WatcherStore, receiver: AlarmReceiver, logger: Logger): Promise<void> {
  const waiting = (await store.alarms()).filter(({ delivered }) => !delivered);
  for (const kept of waiting.sort((a, b) => happenedAt(a) - happenedAt(b))) {
    try {
      await receiver.deliver(kept);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      logger.warn({ alarm: alarmKey(kept.alarm), message }, "an alarm was not delivered");
      return;
    }
    await store.markDelivered(kept);
  }
}

const happenedAt = ({ raisedAt, clearedAt }: KeptAlarm): number => clearedAt ?? raisedAt;
