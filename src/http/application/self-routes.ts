// What machines ask that run a service. None of it counts against a limit.
import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { Registry } from "prom-client";

import { PROBLEMS } from "../problems.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Not counted against any limit. */
    unlimited?: boolean;
  }
}

const Health = Type.Object({ status: Type.String() });
const config = { unlimited: true } as const;

/** GET /health: the process is alive. */
export const healthRoute: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { summary: "The process is alive", response: { 200: Health } };
  app.get("/health", { config, schema }, () => ({ status: "ok" }));
};

/** GET /ready: 200 while each question is answered, by its name; 503 with what is unavailable. */
export const readyRoute =
  (summary: string, questions: Readonly<Record<string, () => Promise<unknown>>>): FastifyPluginAsyncTypebox =>
  async (app) => {
    const names = Object.keys(questions);
    const Readiness = Type.Object({
      ready: Type.Boolean(),
      ...Object.fromEntries(names.map((name) => [name, Type.String()])),
    });
    const schema = { summary, response: { 200: Readiness, 503: Readiness } };
    app.get("/ready", { config, schema }, async (_request, reply) => {
      const answers = await Promise.all(
        Object.entries(questions).map(async ([name, ask]) => {
          const answered = await ask().then(
            () => true,
            () => false,
          );
          return [name, answered] as const;
        }),
      );
      const ready = answers.every(([, answered]) => answered);
      const said = answers.map(([name, answered]) => [name, answered ? "ok" : "unavailable"]);
      return reply.status(ready ? 200 : 503).send({ ready, ...(Object.fromEntries(said) as Record<string, string>) });
    });
  };

/** GET /metrics: what Prometheus reads, for allowed addresses alone. `refresh` brings gauges up to date first. */
export const metricsRoute =
  (registry: Registry, refresh: () => Promise<void> = () => Promise.resolve()): FastifyPluginAsyncTypebox =>
  async (app) => {
    const forPeers = { ...config, peersOnly: true } as const;
    app.get("/metrics", { config: forPeers, schema: { hide: true } }, async (_request, reply) => {
      await refresh();
      return reply.header("content-type", registry.contentType).send(await registry.metrics());
    });
  };

/** GET /errors: what the codes of problems mean, and what to do. */
export const errorsRoute: FastifyPluginAsyncTypebox = async (app) => {
  app.get("/errors", { config, schema: { summary: "The codes of this service's problems" } }, () => PROBLEMS);
};
