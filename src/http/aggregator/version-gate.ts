import type { FastifyReply, FastifyRequest } from "fastify";

import {
  API_VERSION,
  API_VERSION_HEADER,
  isCompatible,
  NODE_VERSION_HEADER,
  parseVersion,
} from "../../nodes/protocol/api-version.js";
import { NodeError } from "../../nodes/protocol/errors.js";

/** The oldest version that is served. */
export function minimumVersion(ours: string = API_VERSION): string {
  const version = parseVersion(ours);
  if (version === undefined) return ours;
  return version.major === 0 ? `0.${version.minor}.0` : `${version.major}.0.0`;
}

/** A version that does not fit; the problem names those that do. */
function mismatch(theirs: string, upgradeUrl: string | null): NodeError {
  const details = { server: API_VERSION, minimum: minimumVersion(), ...(upgradeUrl === null ? {} : { upgradeUrl }) };
  const message = `This aggregator speaks version ${API_VERSION}, and the request says "${theirs}"`;
  return new NodeError("nodes/version-mismatch", message, { details });
}

/** Says which version this is with every answer, and refuses nodes of another. Whoever names none is no node. */
export const versionGate =
  (software: string, upgradeUrl: string | null) =>
  (request: FastifyRequest, reply: FastifyReply): void => {
    void reply.header(API_VERSION_HEADER, API_VERSION).header(NODE_VERSION_HEADER, software);
    const named = request.headers[API_VERSION_HEADER];
    if (named === undefined) return;
    const theirs = String(named).slice(0, 40);
    if (!isCompatible(theirs)) throw mismatch(theirs, upgradeUrl);
  };
