// A single signature as it travels, over HTTP or by gossip. It says for itself what it is for, and whoever gets it verifies it
// against the keys on the chain: transport and sender are not trusted.
import { signedBytes } from "../../certificates/message.js";
import { DocumentReader, type JsonObject } from "../../shared/document.js";
import { DomainError } from "../../shared/errors.js";
import type { SingleSignature } from "../../stm/proof.js";
import { verifySingleSignature } from "../../stm/verify.js";
import type { EpochView } from "./epoch-keys.js";
import { NodeError, type NodeErrorCode } from "./errors.js";

export const SIGNATURE_FORMAT = "touchstone-signature-v1";

export interface SignatureMessage {
  readonly epoch: bigint;
  /** As `entityKey`: what the signed message is about. */
  readonly entity: string;
  /** The message hash that was signed, 64 hex digits. */
  readonly message: string;
  /** 20 bytes, 0x-prefixed lower-case hex. */
  readonly steward: string;
  readonly signature: SingleSignature;
  /** Version of the program that signed, for statistics. */
  readonly software: string;
}

const read = new DocumentReader<NodeErrorCode>("nodes/invalid-message");
const MAX_INDEXES = 65_535;

export function signatureToJson({
  epoch,
  entity,
  message,
  steward,
  signature,
  software,
}: SignatureMessage): JsonObject {
  return {
    format: SIGNATURE_FORMAT,
    epoch: epoch.toString(),
    entity,
    message,
    steward,
    sigma: Buffer.from(signature.sigma).toString("hex"),
    indexes: signature.indexes,
    signerIndex: signature.signerIndex,
    software,
  };
}

/** Throws `nodes/invalid-message` for anything but such a document. */
export function signatureFromJson(value: unknown): SignatureMessage {
  const members = ["format", "epoch", "entity", "message", "steward", "sigma", "indexes", "signerIndex", "software"];
  const object = read.object(value, "signature", members);
  read.literal(object.format, "signature.format", SIGNATURE_FORMAT);
  const indexes = read.array(object.indexes, "signature.indexes");
  if (indexes.length > MAX_INDEXES) read.fail("signature.indexes", `has more than ${MAX_INDEXES} indexes`);
  return {
    epoch: BigInt(read.string(object.epoch, "signature.epoch", /^(0|[1-9]\d{0,18})$/)),
    entity: read.string(object.entity, "signature.entity", /^[a-z-]{1,32}(-\d{1,20}){1,3}$/),
    message: read.string(object.message, "signature.message", /^[0-9a-f]{64}$/),
    steward: read.string(object.steward, "signature.steward", /^0x[0-9a-f]{40}$/),
    signature: {
      sigma: Buffer.from(read.string(object.sigma, "signature.sigma", /^[0-9a-f]{96}$/), "hex"),
      indexes: indexes.map((index, at) => read.integer(index, `signature.indexes[${at}]`, 0, MAX_INDEXES)),
      signerIndex: read.integer(object.signerIndex, "signature.signerIndex", 0, 2 ** 32 - 1),
    },
    software: read.string(object.software, "signature.software", /^[\w.+-]{1,40}$/),
  };
}

/**
 * Checks a signature against the stewards of its epoch: the steward and its index, the entity's epoch, σ and every index. Throws
 * `nodes/wrong-message` when it is of another epoch, `nodes/unknown-party` and `nodes/invalid-signature`.
 */
export function verifySignatureMessage(received: SignatureMessage, { epoch, keys, parameters }: EpochView): void {
  if (received.epoch !== epoch) {
    throw new NodeError("nodes/wrong-message", `The signature is of epoch ${received.epoch}, not ${epoch}`);
  }
  const { signature, steward } = received;
  const party = keys.registration.parties[signature.signerIndex];
  if (party === undefined || keys.stewards[signature.signerIndex]?.steward !== steward) {
    const message = `Signer ${signature.signerIndex} of epoch ${epoch} is not ${steward}`;
    throw new NodeError("nodes/unknown-party", message);
  }
  try {
    const signed = signedBytes(received.message);
    verifySingleSignature(signature, signed, party, keys.registration.aggregateKey, parameters);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    const message = `The signature of ${steward} for ${received.entity} does not verify: ${cause.message}`;
    throw new NodeError("nodes/invalid-signature", message, { cause });
  }
}
