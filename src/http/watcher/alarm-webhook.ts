import { setTimeout as sleep } from "node:timers/promises";

import { alarmToJson } from "../../nodes/watcher/alarm-json.js";
import type { AlarmReceiver, KeptAlarm } from "../../nodes/watcher/ports.js";
import { DomainError } from "../../shared/errors.js";
import type { Secret } from "../../shared/secret.js";

/** `watcher/webhook-failed`: who should hear of an alarm does not answer, or refuses it. */
export type WebhookErrorCode = "watcher/webhook-failed";

export interface AlarmWebhookSettings {
  /** Secret, because webhooks carry their password in the path. */
  readonly url: Secret;
  /** Which watcher says so: its registry, such as `31337:0x…`. */
  readonly registry: string;
  readonly timeoutMilliseconds?: number;
  /** Pauses before it is tried again at once; after them it is left for the watcher's next look. */
  readonly pauses?: readonly number[];
}

const PAUSES = [200, 1_000];

/**
 * Posts alarms as JSON: `{status, registry, kind, epoch, subject, message, details, raisedAt, clearedAt}`, `status` being `raised`
 * or `cleared`. Any 2xx answer takes it.
 */
export class AlarmWebhook implements AlarmReceiver {
  readonly #settings: AlarmWebhookSettings;

  constructor(settings: AlarmWebhookSettings) {
    this.#settings = settings;
  }

  async deliver(kept: KeptAlarm): Promise<void> {
    const body = JSON.stringify(alarmNotice(kept, this.#settings.registry));
    const { pauses = PAUSES } = this.#settings;
    for (const pause of [...pauses, undefined]) {
      const problem = await this.#post(body);
      if (problem === undefined) return;
      if (pause === undefined) throw failure(problem);
      await sleep(pause);
    }
  }

  /** Why it was not taken; undefined when it was. */
  async #post(body: string): Promise<string | undefined> {
    const { url, timeoutMilliseconds = 5_000 } = this.#settings;
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    try {
      const answer = await fetch(url.expose(), { method: "POST", headers, body, redirect: "error", signal });
      await answer.body?.cancel();
      return answer.ok ? undefined : `answers ${answer.status}`;
    } catch {
      // The cause may name the URL, which is a secret.
      return "cannot be reached";
    }
  }
}

const failure = (problem: string) =>
  new DomainError<WebhookErrorCode>("watcher/webhook-failed", `The webhook of alarms ${problem}`);

/** An alarm as people and programs are told of it. */
export function alarmNotice({ alarm, raisedAt, clearedAt }: KeptAlarm, registry: string) {
  return {
    status: clearedAt === null ? "raised" : "cleared",
    registry,
    ...alarmToJson(alarm),
    raisedAt: new Date(raisedAt).toISOString(),
    clearedAt: clearedAt === null ? null : new Date(clearedAt).toISOString(),
  };
}
