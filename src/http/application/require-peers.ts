import type { FastifyRequest } from "fastify";

import { HttpError } from "../http-error.js";
import { inRanges, type AddressRange } from "../peers.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether the connection must come from an allowed address, whatever else the route asks for. */
    peersOnly?: boolean;
  }
}

const isForPeers = ({ routeOptions }: FastifyRequest): boolean => routeOptions.config.peersOnly === true;

/** An `onRequest` hook: some routes, those for `peersOnly` unless told, answer allowed addresses alone. */
export const requirePeers =
  (allowed: readonly AddressRange[], isPrivate: (request: FastifyRequest) => boolean = isForPeers) =>
  async (request: FastifyRequest): Promise<void> => {
    if (isPrivate(request) && !inRanges(request.socket.remoteAddress, allowed)) {
      throw new HttpError("access/missing-permission");
    }
  };
