import type { NodeStatus } from "../../nodes/protocol/node-status.js";
import type { WatcherState } from "../../nodes/watcher/machine.js";
import type { Logger } from "../../shared/logger.js";
import { createApplication } from "../application/create-application.js";
import { requirePeers } from "../application/require-peers.js";
import { healthRoute, metricsRoute } from "../application/self-routes.js";
import { erasToWire } from "../era-metrics.js";
import type { AddressRange } from "../peers.js";
import { alarmNotice } from "./alarm-webhook.js";
import type { WatcherMetrics } from "./metrics.js";

export interface WatcherAppSettings {
  readonly software: string;
  /** Such as `31337:0x…`. */
  readonly registry: string;
  /** Who may read anything but /health. */
  readonly allowedPeers: readonly AddressRange[];
}

export interface WatcherAppPorts {
  readonly status: NodeStatus<WatcherState>;
  readonly metrics: WatcherMetrics;
  readonly logger: Logger;
}

/** What a watcher says to those who run it: its alarms, its metrics, and that it is alive. */
export async function createWatcherApp(
  { software, registry, allowedPeers }: WatcherAppSettings,
  { status, metrics, logger }: WatcherAppPorts,
) {
  const app = createApplication({}, { logger });
  app.addHook(
    "onRequest",
    requirePeers(allowedPeers, ({ routeOptions }) => routeOptions.url !== "/health"),
  );
  await app.register(healthRoute);
  await app.register(metricsRoute(metrics.registry));
  app.get("/v1/status", () => ({ software, registry, ...watcherReport(status, registry) }));
  return app;
}

/** What was seen at the last look, as JSON. */
function watcherReport({ state, since, failures, lastError }: NodeStatus<WatcherState>, registry: string) {
  const watched = state.name === "WATCHING" ? state.watched : undefined;
  return {
    machine: {
      state: state.name,
      since,
      failures,
      lastError: lastError === undefined ? null : { code: lastError.code ?? null, at: lastError.at },
    },
    watched: watched === undefined ? null : watchedToWire(watched, registry),
  };
}

type Watched = NonNullable<Extract<WatcherState, { name: "WATCHING" }>["watched"]>;

export function watchedToWire({ epoch, lastCertified, eras, sources, software, alarms }: Watched, registry: string) {
  return {
    epoch: epoch.toString(),
    lastCertified: lastCertified.toString(),
    eras: erasToWire(eras),
    aggregators: sources.map(({ source, reached, problem: reason, verified }) => ({
      ...{ aggregator: source, reached, problem: reason ?? null, verified },
      software: (software.get(source) ?? []).map((one) => ({ software: one.software ?? null, share: one.share })),
    })),
    alarms: alarms.map((kept) => alarmNotice(kept, registry)),
  };
}
