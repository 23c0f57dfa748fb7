import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** What Prometheus reads at /metrics. One registry per service, so that several can live in one process. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "touchstone_" });
  const registers = [registry];
  return {
    registry,
    answers: new Counter({
      name: "touchstone_claims_answers_total",
      help: "Answers by route and problem code (ok for success)",
      labelNames: ["route", "code"] as const,
      registers,
    }),
    duration: new Histogram({
      name: "touchstone_claims_request_seconds",
      help: "Time from the first byte of a request to its answer",
      labelNames: ["route"] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
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
