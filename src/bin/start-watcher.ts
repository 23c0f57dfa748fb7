import { CertificateRegistryGateway } from "../chain/certificate-registry.js";
import { connectRpc } from "../chain/provider.js";
import { RegistryView } from "../chain/steward-chain.js";
import type { WatcherConfig } from "../config/watcher.js";
import { DatabaseWatcherStore } from "../database/nodes/watcher-store.js";
import { openDatabase } from "../database/open-database.js";
import { HttpAggregator } from "../http/aggregator-client/http-aggregator.js";
import { AlarmWebhook } from "../http/watcher/alarm-webhook.js";
import { createWatcherApp } from "../http/watcher/app.js";
import { createWatcherMetrics, showWatched } from "../http/watcher/metrics.js";
import { NodeStatus } from "../nodes/protocol/node-status.js";
import { type Watched, WatcherMachine, type WatcherState } from "../nodes/watcher/machine.js";
import type { AlarmReceiver } from "../nodes/watcher/ports.js";
import { systemClock, unixSeconds, type Clock } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import { startMachine } from "./node-process.js";
import { openEras } from "./open-eras.js";
import { listen, startUp } from "./start-up.js";
import { softwareVersion } from "./version.js";

export interface WatcherParts {
  readonly logger: Logger;
  readonly clock?: Clock;
}

export interface RunningWatcher {
  readonly url: string;
  readonly status: NodeStatus<WatcherState>;
  /** Rejects when the machine ended by itself. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** As alarms and reports name it. */
export const registryName = ({ chainId, registry }: Pick<WatcherConfig, "chainId" | "registry">): string =>
  `${chainId}:${registry.toLowerCase()}`;

/** The machine with its store and its connections. */
async function openWatcher(config: WatcherConfig, { logger, clock = systemClock }: WatcherParts) {
  const db = await openDatabase(config.database);
  const provider = connectRpc(config.rpcUrl, config.chainId);
  const gateway = new CertificateRegistryGateway(config.registry, provider, config.startBlock);
  const { webhook } = config;
  // The log has every alarm already.
  const nobody: AlarmReceiver = { deliver: () => Promise.resolve() };
  const machine = new WatcherMachine(config, {
    chain: new RegistryView(config.chainId, gateway, provider),
    sources: config.aggregators.map((url) => new HttpAggregator({ url })),
    store: new DatabaseWatcherStore(db),
    receiver: webhook === null ? nobody : new AlarmWebhook({ url: webhook, registry: registryName(config) }),
    eras: openEras(config, provider, logger),
    ...{ clock, logger },
  });
  return {
    machine,
    async close() {
      provider.destroy();
      await db.destroy();
    },
  };
}

/** Looks once at everything, tells whom it has to, and ends. Undefined before the registry's first epoch. */
export async function watchOnce(config: WatcherConfig, parts: WatcherParts): Promise<Watched | undefined> {
  const { machine, close } = await openWatcher(config, parts);
  try {
    let state = await machine.step(machine.initial);
    // An epoch may begin between two steps; it does so once.
    for (let again = 0; again < 3 && state.name === "WATCHING"; again++) {
      state = await machine.step(state);
      if (state.name === "WATCHING" && state.watched !== undefined) return state.watched;
      if (state.name === "IDLE") state = await machine.step(state);
    }
    return undefined;
  } finally {
    await close();
  }
}

/** Wires the watcher and starts it. */
export async function startWatcher(config: WatcherConfig, parts: WatcherParts): Promise<RunningWatcher> {
  const { logger, clock = systemClock } = parts;
  return startUp(async (onClose) => {
    const opened = await openWatcher(config, parts);
    onClose(() => opened.close());
    const status = new NodeStatus<WatcherState>(opened.machine.initial, clock);
    const metrics = createWatcherMetrics();
    const registry = registryName(config);
    const settings = { software: softwareVersion(), registry, allowedPeers: config.allowedPeers };
    const app = await createWatcherApp(settings, { status, metrics, logger });
    const url = await listen(app, config);
    onClose(() => app.close());
    let failures = 0;
    const each = () => {
      if (status.failures > failures) metrics.failures.inc();
      else showWatched(metrics, status, unixSeconds(clock));
      failures = status.failures;
    };
    const running = startMachine(opened.machine, config, { logger, status, each });
    onClose(() => running.stop());
    logger.info({ url, registry, aggregators: config.aggregators }, "watcher listens");
    return { url, status, failed: running.failed };
  });
}
