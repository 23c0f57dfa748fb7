import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from "fastify";

import type { Admission, AdmissionRequest } from "../../database/request-admission.js";
import type { SignIn } from "../../passport/sign-in.js";
import type { AnchorRequests } from "../../scoring/service/anchor-requests.js";
import type { AnchorService } from "../../scoring/service/anchor.js";
import type { ApiKeys, ApiKeyStore } from "../../scoring/service/api-keys.js";
import type { PassportService } from "../../scoring/service/passport-service.js";
import type { PassportStore } from "../../scoring/service/ports.js";
import type { RevocationLists } from "../../scoring/service/revocation-lists.js";
import type { Rescorer } from "../../scoring/service/rescore.js";
import type { Clock } from "../../shared/clock.js";
import type { Logger } from "../../shared/logger.js";
import { drainOnClose } from "../drain.js";
import { HttpError, problemOf } from "../http-error.js";
import { inRanges, type AddressRange } from "../peers.js";
import { answerBrokenConnection, sendProblem } from "../problem-reply.js";
import { problem } from "../problems.js";
import { parseStrictJson, StrictJsonError } from "../strict-json.js";
import { Access, type AccessLimits, type RouteAccess, type Visitor } from "./access.js";
import type { PassportMetrics } from "./metrics.js";
import { anchorRoutes } from "./routes/anchors.js";
import { banRoutes } from "./routes/bans.js";
import { compatibilityRoutes } from "./routes/compatibility.js";
import { operatorRoutes } from "./routes/operator.js";
import { passportRoutes } from "./routes/passports.js";
import { registryRoutes } from "./routes/registry.js";
import { scorerRoutes } from "./routes/scorers.js";
import { serviceRoutes } from "./routes/service.js";
import { signInRoutes } from "./routes/sign-in.js";

declare module "fastify" {
  interface FastifyRequest {
    visitor: Visitor;
  }
  interface FastifyContextConfig {
    /** Who may use a route of the passport service; absent where anybody may. */
    access?: RouteAccess;
    /** Not counted against any limit: what machines ask that run the service. */
    unlimited?: boolean;
  }
}

export interface PassportAppPorts {
  readonly service: PassportService;
  readonly store: Pick<PassportStore, "credentials" | "credentialsBefore" | "readPassports" | "scoresPage">;
  readonly rescorer: Rescorer;
  readonly revocationLists: Pick<RevocationLists, "reload">;
  /** What takes longer than a request: the queues {@link RESCORES} and {@link ANCHORS}. */
  readonly queue: { add(queue: string, piece: object): Promise<void> };
  /** Null where no registry is configured. */
  readonly anchors: AnchorService | null;
  readonly anchorRequests: AnchorRequests;
  readonly signIn: SignIn;
  readonly keys: ApiKeys;
  readonly consents: Pick<ApiKeyStore, "giveConsent" | "withdrawConsent" | "hasConsent">;
  readonly admit: (request: AdmissionRequest) => Promise<Admission>;
  /** Throws when the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly metrics: PassportMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface PassportAppSettings {
  readonly limits: AccessLimits;
  /** The largest request body, in bytes. */
  readonly bodyLimit: number;
  /** Who may read /metrics. */
  readonly allowedPeers: readonly AddressRange[];
  /** Prefix of the links in /v2 pages, such as https://scores.example.org; empty for links without a host. */
  readonly publicUrl: string;
  /** Reverse proxies whose word about the client's address counts; none takes the connection's. */
  readonly trustedProxies: readonly string[];
}

export interface RouteTools extends PassportAppPorts {
  readonly access: Access;
  readonly settings: PassportAppSettings;
}

/** Names of queues; their pieces are {id} of a rescore, and {scorerId, number, replaces} of a root. */
export const RESCORES = "passport-rescores";
export const ANCHORS = "passport-anchors";

const NOBODY: Visitor = { key: null, account: null };

/** The passport service's HTTP application: who calls, limits, schema, use case. Logs hold no account and no body. */
export async function createPassportApp(settings: PassportAppSettings, ports: PassportAppPorts) {
  const { logger, metrics } = ports;
  const access = new Access(settings.limits, ports);
  const app = Fastify({
    logger: false,
    bodyLimit: settings.bodyLimit,
    trustProxy: settings.trustedProxies.length === 0 ? false : [...settings.trustedProxies],
    genReqId: () => randomUUID(),
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: (_error, socket) => answerBrokenConnection(socket as Socket),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => {
    try {
      done(null, body.length === 0 ? undefined : parseStrictJson(body as Buffer));
    } catch (error) {
      done(error instanceof StrictJsonError ? new HttpError("http/invalid-request", error.message) : (error as Error));
    }
  });
  drainOnClose(app);
  app.decorateRequest("visitor", null as unknown as Visitor);

  // Before the body is read: strangers get no buffers.
  app.addHook("onRequest", async (request, reply) => {
    const { access: wanted, unlimited, peersOnly } = request.routeOptions.config;
    request.visitor = NOBODY;
    if (peersOnly === true && !inRanges(request.socket.remoteAddress, settings.allowedPeers)) {
      throw new HttpError("access/missing-permission");
    }
    if (unlimited !== true) request.visitor = await access.admit(request, reply, wanted);
  });

  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    metrics.duration.observe({ route }, reply.elapsedTime / 1000);
    if (reply.statusCode < 400) metrics.answers.inc({ route, code: "ok" });
    done();
  });

  function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const answer = problemOf(error, request.id);
    const route = request.routeOptions?.url ?? "unknown";
    metrics.answers.inc({ route, code: answer.code });
    if (answer.status >= 500) {
      const cause = error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : {};
      logger.error({ requestId: request.id, route, code: answer.code, ...cause }, "request failed");
    } else logger.info({ requestId: request.id, route, code: answer.code }, "request refused");
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
      info: { title: "Touchstone passport service", version: "1", description: OPENAPI_DESCRIPTION },
    },
  });
  await app.register(swaggerUi, { routePrefix: "/docs" });
  const tools: RouteTools = { ...ports, access, settings };
  for (const routes of [
    compatibilityRoutes,
    registryRoutes,
    scorerRoutes,
    passportRoutes,
    anchorRoutes,
    banRoutes,
    signInRoutes,
    operatorRoutes,
  ]) {
    await app.register(routes(tools));
  }
  await app.register(serviceRoutes(tools));
  return app;
}

const OPENAPI_DESCRIPTION = [
  "Integrators send their key as X-API-Key (scopes: scores, stamps, submit, scorers, bans, operator). Holders send the session that",
  "POST /v1/sessions gave them as Authorization: Bearer. /v2 and /registry keep the shapes of the ecosystem's API; everything new is under",
  "/v1, where points are decimal strings with five places and times are seconds since the epoch. Reads never compute and never",
  "write. Failures are RFC 9457 problems with the member detail; see /errors.",
].join(" ");
