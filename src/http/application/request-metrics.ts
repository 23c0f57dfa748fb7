import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

/** What a process of ours tells Prometheus about itself. One registry per service, so that several can live in one process. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "touchstone_" });
  return registry;
}

export type RequestMetrics = ReturnType<typeof createRequestMetrics>;

/** What a service tells Prometheus about its requests; names begin with `touchstone_<service>_`. */
export function createRequestMetrics(service: string) {
  const registry = createRegistry();
  const registers = [registry];
  return {
    registry,
    answers: new Counter({
      name: `touchstone_${service}_answers_total`,
      help: "Answers by route and problem code (ok for success)",
      labelNames: ["route", "code"] as const,
      registers,
    }),
    duration: new Histogram({
      name: `touchstone_${service}_request_seconds`,
      help: "Time from the first byte of a request to its answer",
      labelNames: ["route"] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
  };
}
