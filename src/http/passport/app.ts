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
import { createApplication } from "../application/create-application.js";
import { describeRoutes } from "../application/describe-routes.js";
import { requirePeers } from "../application/require-peers.js";
import type { AddressRange } from "../peers.js";
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
  const app = createApplication(settings, { logger, metrics });
  app.decorateRequest("visitor", null as unknown as Visitor);

  app.addHook("onRequest", requirePeers(settings.allowedPeers));
  // Before the body is read: strangers get no buffers.
  app.addHook("onRequest", async (request, reply) => {
    const { access: wanted, unlimited } = request.routeOptions.config;
    request.visitor = unlimited === true ? NOBODY : await access.admit(request, reply, wanted);
  });

  await describeRoutes(app, {
    title: "Touchstone passport service",
    version: "1",
    description: OPENAPI_DESCRIPTION,
  });
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
