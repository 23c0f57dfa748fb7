import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { PROBLEMS } from "../../problems.js";
import type { RouteTools } from "../app.js";

const Health = Type.Object({ status: Type.String() });
const Readiness = Type.Object({ ready: Type.Boolean(), database: Type.String() });
const config = { unlimited: true } as const;

/** What machines ask that run the service. */
export const serviceRoutes =
  ({ ping, metrics }: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const health = { summary: "The process is alive", response: { 200: Health } };
    app.get("/health", { config, schema: health }, () => ({ status: "ok" }));

    const ready = { summary: "The database answers", response: { 200: Readiness, 503: Readiness } };
    app.get("/ready", { config, schema: ready }, async (_request, reply) => {
      const isReady = await ping().then(
        () => true,
        () => false,
      );
      return reply.status(isReady ? 200 : 503).send({ ready: isReady, database: isReady ? "ok" : "unavailable" });
    });

    const forPeers = { unlimited: true, peersOnly: true } as const;
    app.get("/metrics", { config: forPeers, schema: { hide: true } }, async (_request, reply) =>
      reply.header("content-type", metrics.registry.contentType).send(await metrics.registry.metrics()),
    );

    app.get("/errors", { config, schema: { summary: "The codes of this service's problems" } }, () => PROBLEMS);
  };
