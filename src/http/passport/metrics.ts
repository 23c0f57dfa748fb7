import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

/** What Prometheus reads at /metrics of a passport service. */
export function createPassportMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "touchstone_" });
  const registers = [registry];
  return {
    registry,
    answers: new Counter({
      name: "touchstone_passport_answers_total",
      help: "Answers by route and problem code (ok for success)",
      labelNames: ["route", "code"] as const,
      registers,
    }),
    duration: new Histogram({
      name: "touchstone_passport_request_seconds",
      help: "Time from the first byte of a request to its answer",
      labelNames: ["route"] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    stamps: new Counter({
      name: "touchstone_passport_stamps_total",
      help: "Submitted stamps by what became of them",
      labelNames: ["status"] as const,
      registers,
    }),
    localLimits: new Counter({
      name: "touchstone_passport_local_limits_total",
      help: "Requests that were counted in memory because the database did not answer",
      registers,
    }),
  };
}

export type PassportMetrics = ReturnType<typeof createPassportMetrics>;
