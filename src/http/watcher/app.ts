import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import Fastify, { type FastifyError } from "fastify";

import type { NodeStatus } from "../../nodes/protocol/node-status.js";
import type { WatcherState } from "../../nodes/watcher/machine.js";
import { erasToWire } from "../era-metrics.js";
import { HttpError, problemOf } from "../http-error.js";
import { inRanges, type AddressRange } from "../peers.js";
import { answerBrokenConnection, sendProblem } from "../problem-reply.js";
import { problem } from "../problems.js";
import { alarmNotice } from "./alarm-webhook.js";
import type { WatcherMetrics } from "./metrics.js";

export interface WatcherAppSettings {
  readonly software: string;
  /** Such as `31337:0x…`. */
  readonly registry: string;
  /** Who may read anything but /health. */
  readonly allowedPeers: readonly AddressRange[];
}

export interface WatcherAppPorts {
  readonly status: NodeStatus<WatcherState>;
  readonly metrics: WatcherMetrics;
}

/** What a watcher says to those who run it: its alarms, its metrics, and that it is alive. */
export async function createWatcherApp(
  { software, registry, allowedPeers }: WatcherAppSettings,
  { status, metrics }: WatcherAppPorts,
) {
  const app = Fastify({
    logger: false,
    bodyLimit: 1,
    genReqId: () => randomUUID(),
    requestTimeout: 15_000,
    frameworkErrors: (error, request, reply) => void sendProblem(reply, problemOf(error, request.id)),
    clientErrorHandler: (_error, socket) => answerBrokenConnection(socket as Socket),
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => sendProblem(reply, problemOf(error, request.id)));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, problem("http/not-found", request.id)));
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.url === "/health" || inRanges(request.socket.remoteAddress, allowedPeers)) return;
    throw new HttpError("access/missing-permission");
  });
  app.get("/health", () => ({ status: "ok" }));
  app.get("/metrics", async (_request, reply) =>
    reply.header("content-type", metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  app.get("/v1/status", () => ({ software, registry, ...watcherReport(status, registry) }));
  return app;
}

/** What was seen at the last look, as JSON. */
export function watcherReport({ state, since, failures, lastError }: NodeStatus<WatcherState>, registry: string) {
  const watched = state.name === "WATCHING" ? state.watched : undefined;
  return {
    machine: {
      state: state.name,
      since,
      failures,
      lastError: lastError === undefined ? null : { code: lastError.code ?? null, at: lastError.at },
    },
    watched: watched === undefined ? null : watchedToWire(watched, registry),
  };
}

type Watched = NonNullable<Extract<WatcherState, { name: "WATCHING" }>["watched"]>;

export function watchedToWire({ epoch, lastCertified, eras, sources, software, alarms }: Watched, registry: string) {
  return {
    epoch: epoch.toString(),
    lastCertified: lastCertified.toString(),
    eras: erasToWire(eras),
    aggregators: sources.map(({ source, reached, problem: reason, verified }) => ({
      ...{ aggregator: source, reached, problem: reason ?? null, verified },
      software: (software.get(source) ?? []).map((one) => ({ software: one.software ?? null, share: one.share })),
    })),
    alarms: alarms.map((kept) => alarmNotice(kept, registry)),
  };
}
