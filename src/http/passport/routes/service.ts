import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { errorsRoute, healthRoute, metricsRoute, readyRoute } from "../../application/self-routes.js";
import type { RouteTools } from "../app.js";

/** What machines ask that run the service. */
export const serviceRoutes =
  ({ ping, metrics }: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(healthRoute);
    await app.register(readyRoute("The database answers", { database: ping }));
    await app.register(metricsRoute(metrics.registry));
    await app.register(errorsRoute);
  };
