import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from "fastify";

import type { ClaimService } from "../claims/claim-service.js";
import type { Alerts, ChainStatus, Suspension } from "../claims/ports.js";
import type { Admission, AdmissionRequest } from "../database/request-admission.js";
import type { Clock } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import { admitRequest, type RateLimits } from "./admit-request.js";
import { Authenticator, type AuthenticationSettings, type Caller, type Role } from "./authentication.js";
import { FailureWatch } from "./failure-watch.js";
import type { Metrics } from "./metrics.js";
import { translateOriginalRequest } from "./compatibility.js";
import { drainOnClose } from "./drain.js";
import { HttpError, problemOf } from "./http-error.js";
import { answerBrokenConnection, sendProblem } from "./problem-reply.js";
import { problem } from "./problems.js";
import { claimRoutes } from "./routes/claims.js";
import { operatorRoutes } from "./routes/operator.js";
import { serviceRoutes } from "./routes/service.js";
import { parseStrictJson, StrictJsonError } from "./strict-json.js";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** Whose signature the route needs; absent on public routes. */
    role?: Role;
    /** Whether the connection must come from an allowed address although no signature is needed. */
    peersOnly?: boolean;
  }
}

export interface ClaimAppPorts {
  readonly service: ClaimService;
  readonly admit: (request: AdmissionRequest) => Promise<Admission>;
  readonly chainStatus: () => ChainStatus;
  readonly suspension: () => Promise<Suspension | null>;
  readonly exportAudit: (after: number) => AsyncIterable<string>;
  readonly alerts: Alerts;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ClaimAppSettings {
  readonly authentication: AuthenticationSettings;
  readonly limits: RateLimits;
  /** The largest request body, in bytes. */
  readonly bodyLimit: number;
}

const NOTHING = Buffer.alloc(0);

/** The claim service's HTTP application: authentication first, then admission, then schema, then the use case. */
export async function createClaimApp(settings: ClaimAppSettings, ports: ClaimAppPorts) {
  const { logger, metrics, clock } = ports;
  const authenticator = new Authenticator(settings.authentication, clock);
  const watch = new FailureWatch(ports.alerts, clock);

  const app = Fastify({
    logger: false,
    bodyLimit: settings.bodyLimit,
    genReqId: () => randomUUID(),
    // Slow clients must not hold connections: a request is small and its answer quick.
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 65_000,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: (_error, socket) => answerBrokenConnection(socket as Socket),
  }).withTypeProvider<TypeBoxTypeProvider>();
  drainOnClose(app);
  app.setValidatorCompiler(TypeBoxValidatorCompiler);

  // Every body is taken as bytes: what the signature covers. It is parsed after the signature was checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.decorateRequest("caller", null);

  app.addHook("preValidation", async (request) => {
    const { role, peersOnly } = request.routeOptions.config;
    if (peersOnly === true && !authenticator.allowsPeer(request.socket.remoteAddress)) refuse(request, "peer");
    if (role === undefined) return;
    const raw = Buffer.isBuffer(request.body) ? request.body : NOTHING;
    const caller = authenticator.authenticate({
      method: request.method,
      url: request.raw.url ?? request.url,
      headers: request.headers,
      peer: request.socket.remoteAddress,
      body: raw,
    });
    if (typeof caller === "string") refuse(request, caller);
    else {
      const parsed = readBody(raw);
      await admitRequest(caller, userIdOf(request, parsed), settings.limits, ports, (cause) => refuse(request, cause));
      request.caller = caller;
      if (caller.role !== role) throw new HttpError("http/forbidden");
      if (parsed instanceof StrictJsonError) throw new HttpError("http/invalid-request", parsed.message);
      request.body = caller.compatibility ? translateOriginalRequest(parsed) : parsed;
    }
  });

  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    metrics.duration.observe({ route }, reply.elapsedTime / 1000);
    if (reply.statusCode < 400) metrics.answers.inc({ route, code: "ok" });
    done();
  });

  function refuse(request: FastifyRequest, cause: string): never {
    const peer = request.socket.remoteAddress;
    metrics.refusals.inc({ cause });
    logger.warn({ requestId: request.id, cause, peer, route: request.routeOptions.url }, "request not authenticated");
    watch.count(cause, peer);
    throw new HttpError("http/unauthorized");
  }

  function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const isProtected = request.routeOptions.config?.role !== undefined;
    // Before authentication every failure is the same one, whatever the framework thought of the request.
    if (isProtected && request.caller === null && !(error instanceof HttpError) && !isUnavailable(error)) {
      try {
        refuse(request, "body");
      } catch (refusal) {
        return answerError(refusal, request, reply);
      }
    }
    const answer = problemOf(error, request.id);
    const route = request.routeOptions.url ?? "unknown";
    metrics.answers.inc({ route, code: answer.code });
    if (answer.status >= 500) {
      const cause = error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : {};
      logger.error({ requestId: request.id, route, code: answer.code, ...cause }, "request failed");
    } else if (answer.code !== "http/unauthorized") {
      logger.info({ requestId: request.id, route, code: answer.code }, "request refused");
    }
    if (answer.retryAfter !== undefined) void reply.header("retry-after", String(answer.retryAfter));
    return sendProblem(reply, answer);
  }

  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    metrics.answers.inc({ route: "unknown", code: "http/not-found" });
    return sendProblem(reply, problem("http/not-found", request.id));
  });

  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Touchstone claim service", version: "1", description: OPENAPI_DESCRIPTION },
    },
  });
  await app.register(swaggerUi, { routePrefix: "/docs" });
  await app.register(claimRoutes(ports));
  await app.register(operatorRoutes(ports));
  await app.register(serviceRoutes(ports));
  return app;
}

/** A body that cannot be read is only refused once its sender is known. */
function readBody(raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  try {
    return parseStrictJson(raw);
  } catch (error) {
    if (error instanceof StrictJsonError) return error;
    throw error;
  }
}

/** The user whose limit a request counts against, if it names one; the schema decides later whether it is right. */
function userIdOf(request: FastifyRequest, body: unknown): number | undefined {
  const parameters = request.params as { userId?: unknown };
  const named = parameters.userId ?? (body as { userId?: unknown } | undefined)?.userId;
  const userId = typeof named === "string" ? Number(named) : named;
  return typeof userId === "number" && Number.isSafeInteger(userId) ? userId : undefined;
}

function isUnavailable(error: unknown): boolean {
  return (error as { code?: unknown }).code === "claims/database-unavailable";
}

const OPENAPI_DESCRIPTION = [
  "Every /v1 request carries x-touchstone-key (frontend or operator), x-touchstone-timestamp (seconds),",
  "x-touchstone-nonce (16 to 64 of A-Z a-z 0-9 _ -, used once), x-touchstone-client-address (the end user's, may be",
  "empty) and x-touchstone-signature: the lower-case hex HMAC-SHA256 of method, path with query, timestamp, nonce and",
  "client address, each followed by a line feed, and then the raw body. Failures are RFC 9457 problems; see /errors.",
].join(" ");
