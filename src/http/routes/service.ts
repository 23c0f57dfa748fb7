import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import type { ClaimAppPorts } from "../app.js";
import { errorsRoute, healthRoute, metricsRoute } from "../application/self-routes.js";

const Readiness = Type.Object({
  ready: Type.Boolean(),
  chain: Type.String(),
  database: Type.String(),
  suspended: Type.Boolean(),
});

/** What machines ask that run the service. */
export const serviceRoutes =
  ({ chainStatus, suspension, metrics }: ClaimAppPorts): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(healthRoute);

    const ready = {
      summary: "Claims can be given: chain and database answer, and nobody suspended the service",
      response: { 200: Readiness, 503: Readiness },
    };
    app.get("/ready", { schema: ready }, async (_request, reply) => {
      const chain = headNumber(chainStatus) === undefined ? "unavailable" : "ok";
      const switched = await suspension().then(
        (state) => ({ database: "ok", suspended: state !== null }),
        () => ({ database: "unavailable", suspended: false }),
      );
      const isReady = chain === "ok" && switched.database === "ok" && !switched.suspended;
      return reply.status(isReady ? 200 : 503).send({ ready: isReady, chain, ...switched });
    });

    const refresh = async () => {
      metrics.headBlock.set(headNumber(chainStatus) ?? 0);
      const state = await suspension().catch(() => null);
      metrics.suspended.set(state === null ? 0 : 1);
    };
    await app.register(metricsRoute(metrics.registry, refresh));
    await app.register(errorsRoute);
  };

function headNumber(chainStatus: ClaimAppPorts["chainStatus"]): number | undefined {
  try {
    return chainStatus().head.number;
  } catch {
    return undefined;
  }
}
