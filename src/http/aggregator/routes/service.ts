import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { API_VERSION } from "../../../nodes/protocol/api-version.js";
import { errorsRoute, healthRoute, metricsRoute, readyRoute } from "../../application/self-routes.js";
import { erasToWire } from "../../era-metrics.js";
import type { AggregatorTools } from "../app.js";
import { minimumVersion } from "../version-gate.js";

/** What the node says about itself, and what machines ask that run it. */
export const serviceRoutes =
  ({ ping, metrics, chain, chainClock, eras, status, store, settings }: AggregatorTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const about = { summary: "Versions, the registry, the machine's state, and where chain and certificates stand" };
    app.get("/v1/status", { schema: about }, async () => {
      const { state, since, failures, lastError } = status;
      const clock = await chainClock().catch(() => undefined);
      const [open, outcomes, newest] = await Promise.all([
        store.openMessages(),
        store.countOutcomes(),
        store.certificates({ limit: 1 }),
      ]);
      return {
        software: settings.software,
        apiVersion: API_VERSION,
        minimumApiVersion: minimumVersion(),
        role: settings.role,
        scores: settings.scores,
        registry: { chainId: chain.registry.chainId.toString(), address: chain.registry.address },
        agenda: { confirmations: settings.agenda.confirmations.toString(), step: settings.agenda.step.toString() },
        machine: {
          state: state.name,
          reason: state.name === "BLOCKED" ? state.reason : null,
          since,
          failures,
          lastError: lastError === undefined ? null : { code: lastError.code ?? null, at: lastError.at },
        },
        chain:
          clock === undefined
            ? null
            : {
                epoch: clock.epoch.toString(),
                head: clock.head.number.toString(),
                headTimestamp: clock.head.timestamp.toString(),
                lastCertified: clock.lastCertified.toString(),
                permitted:
                  clock.permitted === undefined
                    ? null
                    : { first: clock.permitted.first.toString(), last: clock.permitted.last.toString() },
              },
        eras: erasToWire(eras?.report),
        certificates: { newest: newest[0]?.certificate.hash ?? null, ...outcomes },
        openMessages: open.length,
      };
    });

    await app.register(healthRoute);
    await app.register(readyRoute("Database and chain answer", { database: ping, chain: chainClock }));
    await app.register(metricsRoute(metrics.registry));
    await app.register(errorsRoute);
  };
