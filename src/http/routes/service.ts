import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import type { ClaimAppPorts } from "../app.js";
import { PROBLEMS } from "../problems.js";

const Health = Type.Object({ status: Type.String() });
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
    const health = { summary: "The process is alive", response: { 200: Health } };
    app.get("/health", { schema: health }, () => ({ status: "ok" }));

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

    app.get("/metrics", { config: { peersOnly: true }, schema: { hide: true } }, async (_request, reply) => {
      metrics.headBlock.set(headNumber(chainStatus) ?? 0);
      const state = await suspension().catch(() => null);
      metrics.suspended.set(state === null ? 0 : 1);
      return reply.header("content-type", metrics.registry.contentType).send(await metrics.registry.metrics());
    });

    app.get("/errors", { schema: { summary: "The codes of this service's problems" } }, () => PROBLEMS);
  };

function headNumber(chainStatus: ClaimAppPorts["chainStatus"]): number | undefined {
  try {
    return chainStatus().head.number;
  } catch {
    return undefined;
  }
}
