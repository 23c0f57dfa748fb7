import type { FastifyReply } from "fastify";
import type { Counter } from "prom-client";

import type { Admission, AdmissionRequest, Quota } from "../../database/request-admission.js";
import { unixSeconds, type Clock } from "../../shared/clock.js";
import { HttpError } from "../http-error.js";
import { LocalBuckets } from "./local-bucket.js";

export interface RequestCounterPorts {
  readonly admit: (request: AdmissionRequest) => Promise<Admission>;
  /** Counts what was counted in memory. */
  readonly metrics: { readonly localLimits: Counter };
  readonly clock: Clock;
}

/** Counts requests against limits that all processes of a service share; in memory while their store does not answer. */
export class RequestCounter {
  readonly #service: string;
  readonly #ports: RequestCounterPorts;
  readonly #local = new LocalBuckets();

  constructor(service: string, ports: RequestCounterPorts) {
    this.#service = service;
    this.#ports = ports;
  }

  /** Throws `http/rate-limited` when one of the quotas is used up. */
  async count(quotas: readonly Quota[], reply: FastifyReply): Promise<void> {
    const { admit, metrics, clock } = this.#ports;
    const now = unixSeconds(clock);
    const limited = await admit({ keyId: this.#service, nonce: null, nonceExpiresAt: 0, quotas, now })
      .then((admission) => (admission.kind === "limited" ? admission : null))
      .catch(() => {
        // The store of the counters failed: count here, and say so.
        metrics.localLimits.inc();
        void reply.header("x-ratelimit-mode", "local");
        return this.#local.take(quotas, now);
      });
    if (limited === null) return;
    const message = `More than ${limited.quota.limit} requests in ${limited.quota.windowSeconds} seconds`;
    throw new HttpError("http/rate-limited", message, { retryAfter: limited.retryAfter });
  }
}
