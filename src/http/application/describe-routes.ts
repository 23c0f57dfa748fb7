import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";

import type { Application } from "./create-application.js";

export interface Description {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/** Serves the OpenAPI document of all routes that are registered afterwards, at /docs and /docs/json. */
export async function describeRoutes(app: Application, info: Description): Promise<void> {
  await app.register(swagger, { openapi: { openapi: "3.1.0", info: { ...info } } });
  await app.register(swaggerUi, { routePrefix: "/docs" });
}
