import { entityFromJson, entityToJson } from "../../certificates/certificate-json.js";
import { decodeMessage, encodeMessage } from "../../certificates/certificate-message.js";
import { openMessage, type OpenMessage } from "../../certificates/open-message.js";
import { DocumentReader, type JsonObject } from "../../shared/document.js";
import type { NodeErrorCode } from "../protocol/errors.js";

const read = new DocumentReader<NodeErrorCode>("nodes/invalid-message");

/** An open message as it is stored and shown. */
export function openMessageToJson({ entity, message, hash, openedAt, expiresAt }: OpenMessage): JsonObject {
  return { entity: entityToJson(entity), message: encodeMessage(message), hash, openedAt, expiresAt };
}

/** Throws `nodes/invalid-message` for anything else, and for a hash that is not the message's. */
export function openMessageFromJson(value: unknown, path = "open message"): OpenMessage {
  const object = read.object(value, path, ["entity", "message", "hash", "openedAt", "expiresAt"]);
  const entity = entityFromJson(object.entity, `${path}.entity`);
  const message = decodeMessage(object.message, `${path}.message`);
  const openedAt = read.integer(object.openedAt, `${path}.openedAt`);
  const expiresAt = read.integer(object.expiresAt, `${path}.expiresAt`);
  const lifetime = expiresAt - openedAt;
  const open = openMessage(entity, message, openedAt, { scores: lifetime, "stake-distribution": lifetime });
  read.literal(object.hash, `${path}.hash`, open.hash);
  return open;
}
