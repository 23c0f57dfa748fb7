import { Counter, Gauge } from "prom-client";

import { createRequestMetrics } from "../application/request-metrics.js";
import { createEraMetrics } from "../era-metrics.js";

/** What Prometheus reads at /metrics of an aggregator. */
export function createAggregatorMetrics() {
  const requests = createRequestMetrics("aggregator");
  const registers = [requests.registry];
  const eras = createEraMetrics("aggregator", requests.registry);
  const gauge = (name: string, help: string) => new Gauge({ name: `touchstone_aggregator_${name}`, help, registers });
  const counter = (name: string, help: string) =>
    new Counter({ name: `touchstone_aggregator_${name}_total`, help, registers });
  return {
    ...requests,
    ...eras,
    signatures: new Counter({
      name: "touchstone_aggregator_signatures_total",
      help: "Signatures that came by HTTP, by what became of them: stored, buffered, or the problem's code",
      labelNames: ["outcome"] as const,
      registers,
    }),
    localLimits: counter("local_limits", "Requests that were counted in memory because the database did not answer"),
    state: new Gauge({
      name: "touchstone_aggregator_state",
      help: "1 for the state that the machine is in",
      labelNames: ["state"] as const,
      registers,
    }),
    failures: counter("step_failures", "Steps that failed"),
    failuresInARow: gauge("failures_in_a_row", "Steps that failed since one succeeded"),
    epoch: gauge("epoch", "The registry's epoch at the head"),
    lastCertified: gauge("last_certified_epoch", "The last epoch with a certificate on the chain"),
    headBlock: gauge("chain_head", "The newest block that the node has seen"),
    openMessages: gauge("open_messages", "Messages that wait for their quorum"),
    unsent: gauge("certificates_unsent", "Certificates that are not brought to the registry yet"),
    postponed: counter(
      "certificates_postponed",
      "Times at which the registry did not take a certificate yet: alarm when it grows for an hour",
    ),
    refused: gauge("certificates_refused", "Certificates that the registry refuses: alarm when it grows"),
    followed: counter("certificates_followed", "Certificates that were taken from the leader after verification"),
    leaderFailures: counter("leader_failures", "Times at which the leader did not answer"),
    leaderLies: counter("leader_lies", "Certificates of the leader that did not verify: alarm when it grows"),
  };
}

export type AggregatorMetrics = ReturnType<typeof createAggregatorMetrics>;
