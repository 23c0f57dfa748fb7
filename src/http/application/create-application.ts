import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from "fastify";

import type { Logger } from "../../shared/logger.js";
import { HttpError, problemOf } from "../http-error.js";
import { problem, type Problem } from "../problems.js";
import { parseStrictJson, StrictJsonError } from "../strict-json.js";
import { drainOnClose } from "./drain.js";
import { answerBrokenConnection, sendProblem } from "./problem-reply.js";
import type { RequestMetrics } from "./request-metrics.js";

export interface ApplicationSettings {
  /** The largest request body, in bytes; without it, bodies are refused. */
  readonly bodyLimit?: number;
  /** What a route finds as the body: strict JSON, parsed, or the bytes as they came. */
  readonly bodies?: "json" | "bytes";
  /** Reverse proxies whose word about the client's address counts; none takes the connection's. */
  readonly trustedProxies?: readonly string[];
  /** Milliseconds after which a connection on which nothing moves is gone. */
  readonly connectionTimeout?: number;
}

export interface ApplicationPorts {
  readonly logger: Logger;
  readonly metrics?: Pick<RequestMetrics, "answers" | "duration">;
  /** What is answered in an error's place, where that depends on the request. */
  readonly judge?: (error: unknown, request: FastifyRequest) => unknown;
  /** How an answer is logged, where not as usual: the service's failures as errors, refusals as information. */
  readonly levelOf?: (answer: Problem) => "error" | "info" | "none" | undefined;
}

export type Application = ReturnType<typeof createApplication>;

/**
 * The application that every service of ours is: failures are answered as RFC 9457 problems and logged without account or body,
 * requests are counted and timed, slow clients are cut off, and stopping waits for nobody's kept connection.
 */
export function createApplication(settings: ApplicationSettings, ports: ApplicationPorts) {
  const { logger, metrics, judge = (error) => error, levelOf = () => undefined } = ports;
  const { bodyLimit = 1, bodies = "json", trustedProxies = [], connectionTimeout = 60_000 } = settings;
  const app = Fastify({
    logger: false,
    bodyLimit,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    genReqId: () => randomUUID(),
    // Slow clients must not hold connections: a request is small and its answer quick.
    requestTimeout: 15_000,
    connectionTimeout,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: (_error, socket) => answerBrokenConnection(socket as Socket),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => {
    if (bodies === "bytes") return done(null, body);
    try {
      done(null, body.length === 0 ? undefined : parseStrictJson(body as Buffer));
    } catch (error) {
      done(error instanceof StrictJsonError ? new HttpError("http/invalid-request", error.message) : (error as Error));
    }
  });
  drainOnClose(app);

  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    metrics?.duration.observe({ route }, reply.elapsedTime / 1000);
    if (reply.statusCode < 400) metrics?.answers.inc({ route, code: "ok" });
    done();
  });

  function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const error = judge(thrown, request);
    const answer = problemOf(error, request.id);
    // A request that the framework refuses by itself has no route.
    const route = request.routeOptions?.url ?? "unknown";
    metrics?.answers.inc({ route, code: answer.code });
    const level = levelOf(answer) ?? (answer.status >= 500 ? "error" : "info");
    const fields = { requestId: request.id, route, code: answer.code };
    if (level === "error") {
      const cause = error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : {};
      logger.error({ ...fields, ...cause }, "request failed");
    } else if (level === "info") logger.info(fields, "request refused");
    if (answer.retryAfter !== undefined) void reply.header("retry-after", String(answer.retryAfter));
    return sendProblem(reply, answer);
  }
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    metrics?.answers.inc({ route: "unknown", code: "http/not-found" });
    return sendProblem(reply, problem("http/not-found", request.id));
  });
  return app;
}
