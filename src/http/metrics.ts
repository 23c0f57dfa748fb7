import { Counter, Gauge } from "prom-client";

import { createRequestMetrics } from "./application/request-metrics.js";

/** What Prometheus reads at /metrics of a claim service. */
export function createMetrics() {
  const requests = createRequestMetrics("claims");
  const registers = [requests.registry];
  return {
    ...requests,
    refusals: new Counter({
      name: "touchstone_claims_authentication_failures_total",
      help: "Requests refused before authentication, by cause",
      labelNames: ["cause"] as const,
      registers,
    }),
    alerts: new Counter({
      name: "touchstone_claims_alerts_total",
      help: "Alerts by pattern",
      labelNames: ["pattern"] as const,
      registers,
    }),
    suspended: new Gauge({
      name: "touchstone_claims_suspended",
      help: "1 while claims are suspended",
      registers,
    }),
    headBlock: new Gauge({
      name: "touchstone_claims_chain_head",
      help: "Newest block that the follower has seen",
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
