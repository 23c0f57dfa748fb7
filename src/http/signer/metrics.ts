import { Counter, Gauge } from "prom-client";

import { createRegistry } from "../application/request-metrics.js";
import { createEraMetrics } from "../era-metrics.js";

/** What Prometheus reads at /metrics of a signer. */
export function createSignerMetrics() {
  const registry = createRegistry();
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name: `touchstone_signer_${name}`, help, registers });
  const counter = (name: string, help: string) =>
    new Counter({ name: `touchstone_signer_${name}_total`, help, registers });
  return {
    registry,
    ...createEraMetrics("signer", registry),
    state: new Gauge({
      name: "touchstone_signer_state",
      help: "1 for the state that the machine is in",
      labelNames: ["state"] as const,
      registers,
    }),
    epoch: gauge("epoch", "The epoch that the signer waits or signs in"),
    registeredEpoch: gauge("registered_epoch", "The last epoch in which this signer's key is registered"),
    refusedEpoch: gauge("refused_epoch", "The last epoch in which this signer could not register: alarm when it grows"),
    lastStep: gauge("last_step_timestamp_seconds", "When a step last succeeded: alarm when it stands still"),
    failures: counter("step_failures", "Steps that failed"),
    failuresInARow: gauge("failures_in_a_row", "Steps that failed since one succeeded"),
    signatures: new Counter({
      name: "touchstone_signer_signatures_total",
      help: "Entities signed, by kind",
      labelNames: ["kind"] as const,
      registers,
    }),
    skipped: counter("skipped", "Entities for which no lottery was won"),
    signedBlock: gauge("signed_snapshot_block", "The block of the newest snapshot that was signed"),
    published: new Counter({
      name: "touchstone_signer_published_total",
      help: "Sends to a publisher, by outcome: taken, late or failed",
      labelNames: ["publisher", "outcome"] as const,
      registers,
    }),
  };
}

export type SignerMetrics = ReturnType<typeof createSignerMetrics>;
