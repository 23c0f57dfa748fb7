import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from "fastify";

import type { DatabaseAggregatorStore } from "../../database/nodes/aggregator-store.js";
import type { Admission, AdmissionRequest } from "../../database/request-admission.js";
import type { AggregatorState } from "../../nodes/aggregator/machine.js";
import type { SignatureReceiver } from "../../nodes/aggregator/receive-signature.js";
import type { EraWatch } from "../../nodes/eras/era-watch.js";
import { API_VERSION } from "../../nodes/protocol/api-version.js";
import type { ChainClock, StewardChain } from "../../nodes/protocol/chain.js";
import type { EpochViews } from "../../nodes/protocol/epoch-views.js";
import type { NodeStatus } from "../../nodes/protocol/node-status.js";
import type { Clock } from "../../shared/clock.js";
import type { Logger } from "../../shared/logger.js";
import type { SnapshotFolder } from "../../snapshots/files/snapshot-folder.js";
import { HttpError, problemOf } from "../http-error.js";
import { inRanges, type AddressRange } from "../peers.js";
import { answerBrokenConnection, sendProblem } from "../problem-reply.js";
import { problem } from "../problems.js";
import { snapshotRoutes } from "../snapshots/routes.js";
import { parseStrictJson, StrictJsonError } from "../strict-json.js";
import { RequestLimits, type AggregatorLimits } from "./limits.js";
import type { AggregatorMetrics } from "./metrics.js";
import { OnChainStatuses } from "./on-chain-status.js";
import { certificateRoutes } from "./routes/certificates.js";
import { epochRoutes } from "./routes/epochs.js";
import { serviceRoutes } from "./routes/service.js";
import { signatureRoutes } from "./routes/signatures.js";
import { versionGate } from "./version-gate.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a request of an aggregator's route brings besides itself: counted against a limit of its own. */
    brings?: "signature";
  }
}

export interface AggregatorAppPorts {
  readonly store: DatabaseAggregatorStore;
  readonly receiver: SignatureReceiver;
  readonly chain: StewardChain;
  readonly views: EpochViews;
  /** Null or absent where there are no era markers. */
  readonly eras?: Pick<EraWatch, "report"> | null;
  /** The chain's clock; may lag by a moment. */
  readonly chainClock: () => Promise<ChainClock>;
  readonly status: NodeStatus<AggregatorState>;
  /** Null where no snapshots are served. */
  readonly snapshots: SnapshotFolder | null;
  readonly admit: (request: AdmissionRequest) => Promise<Admission>;
  /** Throws when the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly metrics: AggregatorMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface AggregatorAppSettings {
  readonly software: string;
  readonly role: "leader" | "follower";
  /** Whether it computes scores, or certifies stake distributions only. */
  readonly scores: boolean;
  readonly agenda: { readonly confirmations: bigint; readonly step: bigint };
  readonly limits: AggregatorLimits;
  /** The largest request body, in bytes. */
  readonly bodyLimit: number;
  /** Who may read /metrics. */
  readonly allowedPeers: readonly AddressRange[];
  readonly trustedProxies: readonly string[];
  /** Whether everybody may have chunks with stamps, and not scores alone. */
  readonly publicStamps: boolean;
  /** Where newer versions are found; part of version problems. */
  readonly upgradeUrl: string | null;
}

export interface AggregatorTools extends AggregatorAppPorts {
  readonly settings: AggregatorAppSettings;
  readonly onChain: OnChainStatuses;
}

/** The aggregator's HTTP application: signatures in, everything else out. It has no secrets and no accounts. */
export async function createAggregatorApp(settings: AggregatorAppSettings, ports: AggregatorAppPorts) {
  const { logger, metrics, chain, chainClock, clock } = ports;
  const limits = new RequestLimits(settings.limits, ports);
  const checkVersion = versionGate(settings.software, settings.upgradeUrl);
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

  // Before the body is read: strangers get no buffers.
  app.addHook("onRequest", async (request, reply) => {
    const { unlimited, peersOnly, brings } = request.routeOptions.config;
    if (peersOnly === true && !inRanges(request.socket.remoteAddress, settings.allowedPeers)) {
      throw new HttpError("access/missing-permission");
    }
    if (unlimited !== true) await limits.count(request, reply, brings);
    checkVersion(request, reply);
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
    if (answer.status >= 500 && answer.code !== "nodes/epoch-not-ready") {
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
      info: { title: "Touchstone aggregator", version: API_VERSION, description: OPENAPI_DESCRIPTION },
    },
  });
  await app.register(swaggerUi, { routePrefix: "/docs" });
  const epoch = async () => (await chainClock()).epoch;
  const tools: AggregatorTools = { ...ports, settings, onChain: new OnChainStatuses(chain, epoch, clock) };
  for (const routes of [signatureRoutes, epochRoutes, certificateRoutes, serviceRoutes]) {
    await app.register(routes(tools));
  }
  if (ports.snapshots !== null) {
    const mayReadStamps = () => settings.publicStamps;
    await app.register(snapshotRoutes({ folder: ports.snapshots, mayReadStamps }));
  }
  return app;
}

const OPENAPI_DESCRIPTION = [
  "An aggregator collects the stewards' signatures and makes certificates of each quorum. Nothing that it says has to be believed:",
  "certificates verify against the registry on the chain. 64-bit integers are decimal strings; times without another unit are",
  "milliseconds. Nodes name their version as touchstone-api-version and are answered 412 when it does not fit. Failures are RFC 9457",
  "problems with the member detail; see /errors.",
].join(" ");
