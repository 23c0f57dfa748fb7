import { Counter } from "prom-client";

import { createRequestMetrics } from "../application/request-metrics.js";

/** What Prometheus reads at /metrics of a passport service. */
export function createPassportMetrics() {
  const requests = createRequestMetrics("passport");
  const registers = [requests.registry];
  return {
    ...requests,
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
