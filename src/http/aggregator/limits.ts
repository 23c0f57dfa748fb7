import type { FastifyReply, FastifyRequest } from "fastify";

import type { Admission, AdmissionRequest, Quota } from "../../database/request-admission.js";
import { unixSeconds, type Clock } from "../../shared/clock.js";
import type { RateLimit } from "../admit-request.js";
import { HttpError } from "../http-error.js";
import { LocalBuckets } from "../local-bucket.js";
import { rateLimitGroup } from "../peers.js";
import type { AggregatorMetrics } from "./metrics.js";

/** Of one client's address. */
export interface AggregatorLimits {
  readonly address: RateLimit;
  /** Of signatures, each of which may cost a pairing; they count against both. */
  readonly signatures: RateLimit;
}

export interface LimitPorts {
  readonly admit: (request: AdmissionRequest) => Promise<Admission>;
  readonly metrics: AggregatorMetrics;
  readonly clock: Clock;
}

/** Counts requests by address; there are no accounts here. */
export class RequestLimits {
  readonly #limits: AggregatorLimits;
  readonly #ports: LimitPorts;
  readonly #local = new LocalBuckets();

  constructor(limits: AggregatorLimits, ports: LimitPorts) {
    this.#limits = limits;
    this.#ports = ports;
  }

  async count(request: FastifyRequest, reply: FastifyReply, brings: "signature" | undefined): Promise<void> {
    const group = rateLimitGroup(request.ip) ?? "unknown";
    const quota = (kind: string, { requests: limit, windowSeconds }: RateLimit): Quota => {
      return { scope: `aggregator-${kind}:${group}`, limit, windowSeconds };
    };
    const quotas = [quota("address", this.#limits.address)];
    if (brings === "signature") quotas.push(quota("signatures", this.#limits.signatures));
    const now = unixSeconds(this.#ports.clock);
    const limited = await this.#ports
      .admit({ keyId: "aggregator", nonce: null, nonceExpiresAt: 0, quotas, now })
      .then((admission) => (admission.kind === "limited" ? admission : null))
      .catch(() => {
        // The store of the counters failed: count here, and say so.
        this.#ports.metrics.localLimits.inc();
        void reply.header("x-ratelimit-mode", "local");
        return this.#local.take(quotas, now);
      });
    if (limited === null) return;
    const message = `More than ${limited.quota.limit} requests in ${limited.quota.windowSeconds} seconds`;
    throw new HttpError("http/rate-limited", message, { retryAfter: limited.retryAfter });
  }
}
