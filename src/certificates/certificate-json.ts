// A certificate as it travels and is stored. 64-bit integers are decimal strings, as on all our wires; message parts are the
// hex that is signed; the proof is hex(JSON), STM's interchange form.
import { DocumentReader, type JsonObject } from "../shared/document.js";
import { checkParameters, type StmParameters } from "../stm/parameters.js";
import { type Certificate, type CertificateDraft, type CertificateMetadata, withHash } from "./certificate.js";
import { decodeMessage, encodeMessage, keyDigits, readKey } from "./certificate-message.js";
import type { Entity } from "./entity.js";
import type { CertificateErrorCode } from "./errors.js";

export const CERTIFICATE_FORMAT = "touchstone-certificate-v1";

const read = new DocumentReader<CertificateErrorCode>("certificates/malformed");
const HASH = /^[0-9a-f]{64}$/;
const DIGITS = /^(0|[1-9][0-9]{0,19})$/;
const MAX_U64 = 2n ** 64n - 1n;

/** The document of a certificate: plain JSON values, nothing left to encode. */
export function certificateToJson(certificate: Certificate): JsonObject {
  const { hash, previousHash, epoch, aggregateKey, parameters, metadata, content } = certificate;
  return {
    format: CERTIFICATE_FORMAT,
    hash,
    previousHash,
    epoch: epoch.toString(),
    aggregateKey: keyDigits(aggregateKey),
    parameters: { k: parameters.k.toString(), m: parameters.m.toString(), phiF: parameters.phiF },
    metadata: {
      protocolVersion: metadata.protocolVersion,
      initiatedAt: metadata.initiatedAt.toString(),
      sealedAt: metadata.sealedAt.toString(),
      signers: metadata.signers.map(({ steward, stake }) => ({ steward, stake: stake.toString() })),
    },
    ...(content.kind === "genesis"
      ? { anchor: content.anchor }
      : {
          entity: entityToJson(content.entity),
          message: encodeMessage(content.message),
          multisignature: content.proof,
        }),
  };
}

/**
 * Parses a certificate; `path` begins every message. Throws `certificates/malformed` for a member that is missing, unknown or
 * not what it must be. Its hash and its proof are taken as they come: see `verifyCertificates`.
 */
export function certificateFromJson(value: unknown, path: string): Certificate {
  const object = read.object(
    value,
    path,
    ["format", "hash", "previousHash", "epoch", "aggregateKey", "parameters", "metadata"],
    ["anchor", "entity", "message", "multisignature"],
  );
  read.literal(object.format, `${path}.format`, CERTIFICATE_FORMAT);
  const draft: CertificateDraft = {
    previousHash: read.string(object.previousHash, `${path}.previousHash`, HASH),
    epoch: u64(object.epoch, `${path}.epoch`),
    aggregateKey: readKey(
      read.string(object.aggregateKey, `${path}.aggregateKey`, /^[0-9a-f]{96}$/),
      `${path}.aggregateKey`,
    ),
    parameters: readParameters(object.parameters, `${path}.parameters`),
    metadata: readMetadata(object.metadata, `${path}.metadata`),
    content: readContent(object, path),
  };
  return withHash(draft, read.string(object.hash, `${path}.hash`, HASH));
}

function readContent(object: JsonObject, path: string): CertificateDraft["content"] {
  const signed = ["entity", "message", "multisignature"];
  if (object.anchor !== undefined) {
    const both = signed.find((name) => object[name] !== undefined);
    if (both !== undefined) read.fail(`${path}.${both}`, "stands beside anchor, which only a genesis certificate has");
    return { kind: "genesis", anchor: read.integer(object.anchor, `${path}.anchor`, 1) };
  }
  const missing = signed.find((name) => object[name] === undefined);
  if (missing !== undefined)
    read.fail(`${path}.${missing}`, "is missing, and so is the anchor of a genesis certificate");
  return {
    kind: "multisignature",
    entity: entityFromJson(object.entity, `${path}.entity`),
    message: decodeMessage(object.message, `${path}.message`),
    proof: read.string(object.multisignature, `${path}.multisignature`, /^([0-9a-f]{2})+$/),
  };
}

export const entityToJson = (entity: Entity): JsonObject =>
  Object.fromEntries(Object.entries(entity).map(([name, value]) => [name, String(value)]));

export function entityFromJson(value: unknown, path: string): Entity {
  const { kind } = read.record(value, path);
  if (read.literal(kind, `${path}.kind`, "scores", "stake-distribution") === "stake-distribution") {
    const object = read.object(value, path, ["kind", "epoch"]);
    return { kind: "stake-distribution", epoch: u64(object.epoch, `${path}.epoch`) };
  }
  const object = read.object(value, path, ["kind", "epoch", "block", "chunk"]);
  return {
    kind: "scores",
    epoch: u64(object.epoch, `${path}.epoch`),
    block: u64(object.block, `${path}.block`),
    chunk: u64(object.chunk, `${path}.chunk`),
  };
}

function readParameters(value: unknown, path: string): StmParameters {
  const object = read.object(value, path, ["k", "m", "phiF"]);
  if (typeof object.phiF !== "number") return read.fail(`${path}.phiF`, "is not a number");
  const parameters = { k: u64(object.k, `${path}.k`), m: u64(object.m, `${path}.m`), phiF: object.phiF };
  try {
    checkParameters(parameters);
  } catch (error) {
    return read.fail(path, error instanceof Error ? error.message : String(error));
  }
  return parameters;
}

function readMetadata(value: unknown, path: string): CertificateMetadata {
  const object = read.object(value, path, ["protocolVersion", "initiatedAt", "sealedAt", "signers"]);
  return {
    protocolVersion: read.string(object.protocolVersion, `${path}.protocolVersion`),
    initiatedAt: u64(object.initiatedAt, `${path}.initiatedAt`),
    sealedAt: u64(object.sealedAt, `${path}.sealedAt`),
    signers: read.array(object.signers, `${path}.signers`).map((item, index) => {
      const at = `${path}.signers[${index}]`;
      const signer = read.object(item, at, ["steward", "stake"]);
      return {
        steward: read.string(signer.steward, `${at}.steward`, /^0x[0-9a-f]{40}$/),
        stake: u64(signer.stake, `${at}.stake`),
      };
    }),
  };
}

function u64(value: unknown, path: string): bigint {
  const integer = BigInt(read.string(value, path, DIGITS));
  if (integer > MAX_U64) read.fail(path, "does not fit 64 bits");
  return integer;
}
