// The bytes of a signature on the wire: the JSON document that aggregators take over HTTP too.
import { NodeError } from "../nodes/protocol/errors.js";
import { signatureFromJson, signatureToJson, type SignatureMessage } from "../nodes/protocol/signature-message.js";

export const encodeSignature = (signature: SignatureMessage): Uint8Array =>
  Buffer.from(JSON.stringify(signatureToJson(signature)), "utf8");

/** Throws `nodes/invalid-message` for anything but such a document of at most `limit` bytes. */
export function decodeSignature(bytes: Uint8Array, limit: number): SignatureMessage {
  if (bytes.length > limit) {
    throw new NodeError("nodes/invalid-message", `A message of ${bytes.length} bytes; ${limit} are read`);
  }
  return signatureFromJson(parse(bytes));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new NodeError("nodes/invalid-message", "A message that is no JSON document", { cause });
  }
}
