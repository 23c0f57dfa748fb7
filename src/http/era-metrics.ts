import { Gauge, type Registry } from "prom-client";

import { ERA_STAGES, type EraReport } from "../nodes/eras/era.js";

/** What Prometheus reads about eras; `role` is the node's, as in its other metrics. */
export function createEraMetrics(role: "aggregator" | "signer" | "watcher", registry: Registry) {
  const registers = [registry];
  return {
    eraVersion: new Gauge({
      name: `touchstone_${role}_era_version`,
      help: "The protocol version of the era that is active; 0 where none is",
      registers,
    }),
    unknownEras: new Gauge({
      name: `touchstone_${role}_unknown_eras`,
      help: "Eras whose rules this program does not have: plan when announced, upgrade when coming, page somebody when active",
      labelNames: ["stage"] as const,
      registers,
    }),
  };
}

export type EraMetrics = ReturnType<typeof createEraMetrics>;

/** Brings the gauges up to date; they stay as they were while nothing was seen. */
export function showEras({ eraVersion, unknownEras }: EraMetrics, report: EraReport | undefined): void {
  if (report === undefined) return;
  eraVersion.set(report.eras.find(({ stage }) => stage === "active")?.marker.protocolVersion ?? 0);
  for (const stage of ERA_STAGES) {
    unknownEras.set({ stage }, report.eras.filter((era) => era.stage === stage && !era.known).length);
  }
}

/** The eras as JSON; null before they were looked at. */
export function erasToWire(report: EraReport | undefined) {
  if (report === undefined) return null;
  return report.eras.map(({ marker: { name, protocolVersion, epoch }, stage, known }) => {
    return { name, protocolVersion, epoch: epoch?.toString() ?? null, stage, known };
  });
}
