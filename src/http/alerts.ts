import type { Alert, Alerts } from "../claims/ports.js";
import type { Clock } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import type { Secret } from "../shared/secret.js";

/** Writes alerts to the log at WARN and ERROR. */
export function logAlerts(logger: Logger): Alerts {
  return {
    raise({ pattern, severity, message, details }) {
      const fields = { alert: pattern, severity, ...details };
      if (severity === "critical") logger.error(fields, message);
      else logger.warn(fields, message);
    },
  };
}

export function allAlerts(...receivers: readonly Alerts[]): Alerts {
  return { raise: (alert) => receivers.forEach((receiver) => receiver.raise(alert)) };
}

const QUIET_MILLISECONDS = 60_000;
const TIMEOUT_MILLISECONDS = 5_000;

/**
 * Posts alerts as JSON. A pattern that repeats is sent once a minute with how often it occurred since, so that an
 * attacker cannot use us to flood people; a webhook that fails is logged and tried again with the next alert.
 */
export function webhookAlerts(url: Secret, logger: Logger, clock: Clock): Alerts {
  const sent = new Map<Alert["pattern"], { at: number; suppressed: number }>();
  return {
    raise(alert) {
      const last = sent.get(alert.pattern);
      if (last !== undefined && clock.now() - last.at < QUIET_MILLISECONDS) {
        last.suppressed += 1;
        return;
      }
      sent.set(alert.pattern, { at: clock.now(), suppressed: 0 });
      const body = JSON.stringify({
        ...alert,
        repeated: last?.suppressed ?? 0,
        at: new Date(clock.now()).toISOString(),
      });
      const headers = { "content-type": "application/json" };
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
      fetch(url.expose(), { method: "POST", headers, body, signal }).then(
        (answer) => {
          if (!answer.ok) logger.error({ status: answer.status }, "the alert webhook refused an alert");
        },
        () => logger.error({ pattern: alert.pattern }, "the alert webhook cannot be reached"),
      );
    },
  };
}
