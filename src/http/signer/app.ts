import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import Fastify, { type FastifyError } from "fastify";

import type { EraWatch } from "../../nodes/eras/era-watch.js";
import type { NodeStatus } from "../../nodes/protocol/node-status.js";
import type { SignerState } from "../../nodes/signer/machine.js";
import type { Clock } from "../../shared/clock.js";
import type { Logger } from "../../shared/logger.js";
import { erasToWire } from "../era-metrics.js";
import { HttpError, problemOf } from "../http-error.js";
import { inRanges, type AddressRange } from "../peers.js";
import { answerBrokenConnection, sendProblem } from "../problem-reply.js";
import { problem } from "../problems.js";
import type { SignerMetrics } from "./metrics.js";

export interface SignerAppPorts {
  /** Who may read the metrics. */
  readonly allowedPeers: readonly AddressRange[];
  readonly status: NodeStatus<SignerState>;
  /** Null or absent where there are no era markers. */
  readonly eras?: Pick<EraWatch, "report"> | null;
  /** When a step last succeeded, in milliseconds; undefined before the first. */
  readonly lastStep: () => number | undefined;
  /** How old that may be. */
  readonly staleMilliseconds: number;
  readonly metrics: SignerMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a signer says about itself. It takes no requests of the network's: it asks, and is not asked. */
export function createSignerApp({
  allowedPeers,
  status,
  eras,
  lastStep,
  staleMilliseconds,
  metrics,
  clock,
  logger,
}: SignerAppPorts) {
  const app = Fastify({
    logger: false,
    bodyLimit: 1,
    genReqId: () => randomUUID(),
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    frameworkErrors: (error, request, reply) => void sendProblem(reply, problemOf(error, request.id)),
    clientErrorHandler: (_error, socket) => answerBrokenConnection(socket as Socket),
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const answer = problemOf(error, request.id);
    if (answer.status >= 500) logger.error({ requestId: request.id, message: error.message }, "request failed");
    return sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(reply, problem("http/not-found", request.id)));

  app.get("/health", async (_request, reply) => {
    const last = lastStep();
    const healthy = last !== undefined && clock.now() - last <= staleMilliseconds;
    const { state, since, failures, lastError } = status;
    return reply.status(healthy ? 200 : 503).send({
      status: healthy ? "ok" : "stale",
      state: state.name,
      epoch: epochOf(state)?.toString() ?? null,
      since,
      eras: erasToWire(eras?.report),
      lastStep: last ?? null,
      failures,
      lastError: lastError === undefined ? null : { code: lastError.code ?? null, at: lastError.at },
    });
  });

  app.get("/metrics", async (request, reply) => {
    if (!inRanges(request.socket.remoteAddress, allowedPeers)) throw new HttpError("access/missing-permission");
    return reply.header("content-type", metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return app;
}

/** The epoch of a state; undefined before there is one. */
export function epochOf(state: SignerState): bigint | undefined {
  if (state.name === "SIGNING") return state.view.epoch;
  return state.name === "UNREGISTERED" ? undefined : state.epoch;
}
