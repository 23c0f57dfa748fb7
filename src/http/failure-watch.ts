import type { Alerts } from "../claims/ports.js";
import type { Clock } from "../shared/clock.js";

/** Raises one alert per window when as many requests as `threshold` fail authentication within it. */
export class FailureWatch {
  readonly #alerts: Alerts;
  readonly #clock: Clock;
  readonly #threshold: number;
  readonly #windowMilliseconds: number;
  #startedAt = 0;
  #failures = 0;

  constructor(alerts: Alerts, clock: Clock, threshold = 10, windowMilliseconds = 60_000) {
    this.#alerts = alerts;
    this.#clock = clock;
    this.#threshold = threshold;
    this.#windowMilliseconds = windowMilliseconds;
  }

  count(cause: string, peer: string | undefined): void {
    const now = this.#clock.now();
    if (now - this.#startedAt >= this.#windowMilliseconds) {
      this.#startedAt = now;
      this.#failures = 0;
    }
    this.#failures += 1;
    if (this.#failures !== this.#threshold) return;
    this.#alerts.raise({
      pattern: "authentication-failures",
      severity: "warning",
      message: "Many requests fail authentication",
      details: { failures: this.#failures, latestCause: cause, latestPeer: peer ?? null },
    });
  }
}
