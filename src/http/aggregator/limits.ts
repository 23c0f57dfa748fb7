import type { FastifyReply, FastifyRequest } from "fastify";

import type { Quota } from "../../database/request-admission.js";
import type { RateLimit } from "../admit-request.js";
import { RequestCounter, type RequestCounterPorts } from "../application/request-counter.js";
import { rateLimitGroup } from "../peers.js";

/** Of one client's address. */
export interface AggregatorLimits {
  readonly address: RateLimit;
  /** Of signatures, each of which may cost a pairing; they count against both. */
  readonly signatures: RateLimit;
}

/** Counts requests by address; there are no accounts here. */
export class RequestLimits {
  readonly #limits: AggregatorLimits;
  readonly #counter: RequestCounter;

  constructor(limits: AggregatorLimits, ports: RequestCounterPorts) {
    this.#limits = limits;
    this.#counter = new RequestCounter("aggregator", ports);
  }

  async count(request: FastifyRequest, reply: FastifyReply, brings: "signature" | undefined): Promise<void> {
    const group = rateLimitGroup(request.ip) ?? "unknown";
    const quota = (kind: string, { requests: limit, windowSeconds }: RateLimit): Quota => {
      return { scope: `aggregator-${kind}:${group}`, limit, windowSeconds };
    };
    const quotas = [quota("address", this.#limits.address)];
    if (brings === "signature") quotas.push(quota("signatures", this.#limits.signatures));
    await this.#counter.count(quotas, reply);
  }
}
