import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { type FastifyError } from "fastify";

import type { Logger } from "../../shared/logger.js";
import { problemOf } from "../http-error.js";
import { answerBrokenConnection, sendProblem } from "../problem-reply.js";
import { problem } from "../problems.js";
import { snapshotRoutes, type SnapshotRoutePorts } from "./routes.js";

/** A mirror: the snapshots of a folder, and nothing else. It needs no trust and no secret; readers check what they get. */
export async function createMirrorApp(ports: SnapshotRoutePorts & { readonly logger: Logger }) {
  const { logger } = ports;
  const app = Fastify({
    logger: false,
    bodyLimit: 1,
    genReqId: () => randomUUID(),
    requestTimeout: 15_000,
    // A reader that takes nothing for so long is gone.
    connectionTimeout: 120_000,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: (error, request, reply) => void sendProblem(reply, problemOf(error, request.id)),
    clientErrorHandler: (_error, socket) => answerBrokenConnection(socket as Socket),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const answer = problemOf(error, request.id);
    const route = request.routeOptions.url ?? "unknown";
    if (answer.status >= 500) logger.error({ requestId: request.id, route, message: error.message }, "request failed");
    else logger.info({ requestId: request.id, route, code: answer.code }, "request refused");
    return sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(reply, problem("http/not-found", request.id)));
  await app.register(snapshotRoutes(ports));
  return app;
}
