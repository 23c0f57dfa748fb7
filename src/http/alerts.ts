import type { Alerts } from "../claims/ports.js";
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
 * Posts alerts as JSON. One that repeats, of the same severity, is sent once a minute with how often it occurred since, so
 * that an attacker cannot use us to flood people, nor hide something critical behind a warning. A webhook that fails is
 * logged, and the next alert is sent at once.
 */
export function webhookAlerts(url: Secret, logger: Logger, clock: Clock): Alerts {
  const sent = new Map<string, { at: number; suppressed: number }>();
  return {
    raise(alert) {
      const kind = `${alert.pattern} ${alert.severity}`;
      const last = sent.get(kind);
      if (last !== undefined && clock.now() - last.at < QUIET_MILLISECONDS) {
        last.suppressed += 1;
        return;
      }
      const repeated = last?.suppressed ?? 0;
      const current = { at: clock.now(), suppressed: 0 };
      sent.set(kind, current);
      // Until the webhook has answered nothing follows: one that hangs is not asked again and again.
      const failed = () => {
        current.at = Number.NEGATIVE_INFINITY;
        current.suppressed += repeated + 1;
      };
      const body = JSON.stringify({ ...alert, repeated, at: new Date(clock.now()).toISOString() });
      const headers = { "content-type": "application/json" };
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
      fetch(url.expose(), { method: "POST", headers, body, signal }).then(
        (answer) => {
          if (answer.ok) return;
          failed();
          logger.error({ status: answer.status }, "the alert webhook refused an alert");
        },
        () => {
          failed();
          logger.error({ pattern: alert.pattern }, "the alert webhook cannot be reached");
        },
      );
    },
  };
}
