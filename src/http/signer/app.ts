import type { EraWatch } from "../../nodes/eras/era-watch.js";
import type { NodeStatus } from "../../nodes/protocol/node-status.js";
import type { SignerState } from "../../nodes/signer/machine.js";
import type { Clock } from "../../shared/clock.js";
import type { Logger } from "../../shared/logger.js";
import { createApplication } from "../application/create-application.js";
import { requirePeers } from "../application/require-peers.js";
import { metricsRoute } from "../application/self-routes.js";
import { erasToWire } from "../era-metrics.js";
import type { AddressRange } from "../peers.js";
import type { SignerMetrics } from "./metrics.js";

export interface SignerAppPorts {
  /** Who may read the metrics. */
  readonly allowedPeers: readonly AddressRange[];
  readonly status: NodeStatus<SignerState>;
  /** Null or absent where there are no era markers. */
  readonly eras?: Pick<EraWatch, "report"> | null;
  /** When a step last succeeded, in milliseconds; undefined before the first. */
  readonly lastStep: () => number | undefined;
  /** How old that may be. */
  readonly staleMilliseconds: number;
  readonly metrics: SignerMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a signer says about itself. It takes no requests of the network's: it asks, and is not asked. */
export async function createSignerApp({
  allowedPeers,
  status,
  eras,
  lastStep,
  staleMilliseconds,
  metrics,
  clock,
  logger,
}: SignerAppPorts) {
  const app = createApplication({}, { logger });
  app.addHook("onRequest", requirePeers(allowedPeers));

  app.get("/health", async (_request, reply) => {
    const last = lastStep();
    const healthy = last !== undefined && clock.now() - last <= staleMilliseconds;
    const { state, since, failures, lastError } = status;
    return reply.status(healthy ? 200 : 503).send({
      status: healthy ? "ok" : "stale",
      state: state.name,
      epoch: epochOf(state)?.toString() ?? null,
      since,
      eras: erasToWire(eras?.report),
      lastStep: last ?? null,
      failures,
      lastError: lastError === undefined ? null : { code: lastError.code ?? null, at: lastError.at },
    });
  });

  await app.register(metricsRoute(metrics.registry));
  return app;
}

/** The epoch of a state; undefined before there is one. */
export function epochOf(state: SignerState): bigint | undefined {
  if (state.name === "SIGNING") return state.view.epoch;
  return state.name === "UNREGISTERED" ? undefined : state.epoch;
}
