import type { FastifyRequest } from "fastify";

import type { ClaimService } from "../claims/claim-service.js";
import type { Alerts, ChainStatus, Suspension } from "../claims/ports.js";
import type { Admission, AdmissionRequest } from "../database/request-admission.js";
import type { Clock } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import { admitRequest, type RateLimits } from "./admit-request.js";
import { createApplication } from "./application/create-application.js";
import { describeRoutes } from "./application/describe-routes.js";
import { Authenticator, type AuthenticationSettings, type Caller, type Role } from "./authentication.js";
import { FailureWatch } from "./failure-watch.js";
import type { Metrics } from "./metrics.js";
import { translateOriginalRequest } from "./compatibility.js";
import { HttpError } from "./http-error.js";
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

  const app = createApplication(
    // Every body is taken as bytes: what the signature covers. It is parsed after the signature was checked.
    { bodyLimit: settings.bodyLimit, bodies: "bytes", connectionTimeout: 30_000 },
    {
      ...{ logger, metrics, judge },
      // Its cause was logged when it was found.
      levelOf: ({ code }) => (code === "http/unauthorized" ? "none" : undefined),
    },
  );
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

  /** Says no, and why to the log alone. */
  function refusal(request: FastifyRequest, cause: string): HttpError {
    const peer = request.socket.remoteAddress;
    metrics.refusals.inc({ cause });
    logger.warn({ requestId: request.id, cause, peer, route: request.routeOptions.url }, "request not authenticated");
    watch.count(cause, peer);
    return new HttpError("http/unauthorized");
  }

  function refuse(request: FastifyRequest, cause: string): never {
    throw refusal(request, cause);
  }

  /** Before authentication every failure is the same one, whatever the framework thought of the request. */
  function judge(error: unknown, request: FastifyRequest): unknown {
    const isProtected = request.routeOptions.config?.role !== undefined;
    if (!isProtected || request.caller !== null || error instanceof HttpError || isUnavailable(error)) return error;
    return refusal(request, "body");
  }

  await describeRoutes(app, {
    title: "Touchstone claim service",
    version: "1",
    description: OPENAPI_DESCRIPTION,
  });
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
