import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { API_VERSION } from "../../../nodes/protocol/api-version.js";
import { erasToWire } from "../../era-metrics.js";
import { PROBLEMS } from "../../problems.js";
import type { AggregatorTools } from "../app.js";
import { minimumVersion } from "../version-gate.js";

const Health = Type.Object({ status: Type.String() });
const Readiness = Type.Object({ ready: Type.Boolean(), database: Type.String(), chain: Type.String() });
const config = { unlimited: true } as const;

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

    const health = { summary: "The process is alive", response: { 200: Health } };
    app.get("/health", { config, schema: health }, () => ({ status: "ok" }));

    const ready = { summary: "Database and chain answer", response: { 200: Readiness, 503: Readiness } };
    app.get("/ready", { config, schema: ready }, async (_request, reply) => {
      const answers = (question: Promise<unknown>) =>
        question.then(
          () => "ok",
          () => "unavailable",
        );
      const [database, reached] = await Promise.all([answers(ping()), answers(chainClock())]);
      const isReady = database === "ok" && reached === "ok";
      return reply.status(isReady ? 200 : 503).send({ ready: isReady, database, chain: reached });
    });

    const forPeers = { unlimited: true, peersOnly: true } as const;
    app.get("/metrics", { config: forPeers, schema: { hide: true } }, async (_request, reply) =>
      reply.header("content-type", metrics.registry.contentType).send(await metrics.registry.metrics()),
    );

    app.get("/errors", { config, schema: { summary: "The codes of this service's problems" } }, () => PROBLEMS);
  };
