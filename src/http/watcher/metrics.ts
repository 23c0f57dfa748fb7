import { Counter, Gauge } from "prom-client";

import type { NodeStatus } from "../../nodes/protocol/node-status.js";
import { ALARM_KINDS } from "../../nodes/watcher/alarm.js";
import type { WatcherState } from "../../nodes/watcher/machine.js";
import { createRegistry } from "../application/request-metrics.js";
import { createEraMetrics, showEras } from "../era-metrics.js";

/** Versions that are shown of one aggregator: what it says is nobody's, and every label costs memory. */
const MOST_VERSIONS = 20;

/** What Prometheus reads at /metrics of a watcher. */
export function createWatcherMetrics() {
  const registry = createRegistry();
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name: `touchstone_watcher_${name}`, help, registers });
  const labelled = <Label extends string>(name: string, help: string, ...labelNames: readonly Label[]) =>
    new Gauge({ name: `touchstone_watcher_${name}`, help, labelNames, registers });
  return {
    registry,
    ...createEraMetrics("watcher", registry),
    alarms: labelled("alarms", "Alarms that hold, by kind: page somebody when it is above 0", "kind"),
    undelivered: gauge("alarms_undelivered", "Alarms that the webhook did not take yet"),
    state: labelled("state", "1 for the state that the machine is in", "state"),
    failures: new Counter({ name: "touchstone_watcher_step_failures_total", help: "Steps that failed", registers }),
    epoch: gauge("epoch", "The registry's epoch at the head"),
    lastCertified: gauge("last_certified_epoch", "The last epoch with a certificate on the chain"),
    lastLook: gauge("last_look_timestamp_seconds", "When everything was last looked at: alarm when it stands still"),
    reached: labelled("aggregator_reached", "Whether an aggregator answered the last time", "aggregator"),
    verified: new Counter({
      name: "touchstone_watcher_certificates_verified_total",
      help: "Certificates that were verified, by aggregator",
      labelNames: ["aggregator"] as const,
      registers,
    }),
    software: labelled(
      "software_share",
      "Share of the stake that says it runs a version, by an aggregator's word",
      "aggregator",
      "software",
    ),
  };
}

export type WatcherMetrics = ReturnType<typeof createWatcherMetrics>;

/** Brings the metrics up to date after a look. `at` is in seconds since 1970. */
export function showWatched(metrics: WatcherMetrics, { state }: NodeStatus<WatcherState>, at: number): void {
  metrics.state.reset();
  metrics.state.set({ state: state.name }, 1);
  const watched = state.name === "WATCHING" ? state.watched : undefined;
  if (watched === undefined) return;
  metrics.lastLook.set(at);
  showEras(metrics, watched.eras);
  metrics.epoch.set(Number(watched.epoch));
  metrics.lastCertified.set(Number(watched.lastCertified));
  for (const kind of ALARM_KINDS) {
    metrics.alarms.set({ kind }, watched.alarms.filter(({ alarm }) => alarm.kind === kind).length);
  }
  metrics.undelivered.set(watched.alarms.filter(({ delivered }) => !delivered).length);
  for (const { source, reached, verified } of watched.sources) {
    metrics.reached.set({ aggregator: source }, reached ? 1 : 0);
    metrics.verified.inc({ aggregator: source }, verified);
  }
  metrics.software.reset();
  for (const [aggregator, shares] of watched.software) {
    for (const { software, share } of shares.slice(0, MOST_VERSIONS)) {
      metrics.software.set({ aggregator, software: software ?? "unknown" }, share);
    }
  }
}
