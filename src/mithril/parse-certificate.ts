import type { AggregateKey } from "../stm/aggregate-key.js";
import { decodeAggregateKey } from "./decode.js";
import type { MithrilCertificate, MithrilSigner, MithrilSubject } from "./certificate.js";
import { parseEntity, parseFilePoint } from "./entity.js";
import { HASH, hexText, member, natural, read, real } from "./fields.js";
import { MITHRIL_PARTS, type MithrilMessage } from "./message-parts.js";
import { parseNanoseconds } from "./timestamp.js";

const MAX_PARTIES = 100_000;
type Members = Readonly<Record<string, unknown>>;

/**
 * Parses one certificate of any generation; `path` begins every message. Throws `mithril/malformed` for a field that is
 * missing or not what it must be. Signatures are not decoded here: whether they are right is a verdict.
 */
export function parseCertificate(value: unknown, path: string): MithrilCertificate {
  const object = read.record(value, path);
  const hash = read.string(member(object, "hash", path), `${path}.hash`, HASH);
  const previousHash = read.string(member(object, "previous_hash", path), `${path}.previous_hash`);
  if (previousHash !== "" && !HASH.test(previousHash)) read.fail(`${path}.previous_hash`, "has the wrong form");
  const metadata = read.record(member(object, "metadata", path), `${path}.metadata`);
  const at = `${path}.metadata`;
  const subject = parseSubject(object, metadata, path);
  const message = parseMessage(member(object, "protocol_message", path), `${path}.protocol_message`);
  const encodedAggregateKey = hexText(
    member(object, "aggregate_verification_key", path),
    `${path}.aggregate_verification_key`,
  );
  const seal = parseSeal(object, path);
  return {
    hash,
    previousHash,
    isGenesis: seal.kind === "genesis",
    subject,
    epoch: subject.epoch,
    version: read.string(member(metadata, "version", at), `${at}.version`),
    parameters: parseParameters(member(metadata, "parameters", at), `${at}.parameters`),
    initiatedAt: time(member(metadata, "initiated_at", at), `${at}.initiated_at`),
    sealedAt: time(member(metadata, "sealed_at", at), `${at}.sealed_at`),
    signers: parseSigners(member(metadata, "signers", at), `${at}.signers`),
    message,
    signedMessage: read.string(member(object, "signed_message", path), `${path}.signed_message`, HASH),
    encodedAggregateKey,
    aggregateKey: decodeAggregateKey(encodedAggregateKey, `${path}.aggregate_verification_key`),
    vouched: parseVouched(message, `${path}.protocol_message.message_parts`),
    seal,
  };
}

/** k, m and phi_f as certificates and stake distributions have them. */
export function parseParameters(value: unknown, path: string) {
  const object = read.record(value, path);
  const phiF = real(member(object, "phi_f", path), `${path}.phi_f`);
  if (!(phiF > 0 && phiF <= 1)) read.fail(`${path}.phi_f`, "is not above 0 and at most 1");
  const k = natural(member(object, "k", path), `${path}.k`);
  const m = natural(member(object, "m", path), `${path}.m`);
  if (k === 0n || m < k) read.fail(path, "have no k from 1 to m");
  return { k, m, phiF };
}

function parseSubject(object: Members, metadata: Members, path: string): MithrilSubject {
  if (!Object.hasOwn(object, "epoch")) {
    if (!Object.hasOwn(object, "beacon"))
      read.fail(`${path}.epoch`, "is missing, and so is beacon of the first format");
    const { network, ...point } = parseFilePoint(object.beacon, `${path}.beacon`);
    if (network === undefined) return read.fail(`${path}.beacon.network`, "is missing");
    return { generation: "beacon", network, ...point };
  }
  const network = read.string(member(metadata, "network", `${path}.metadata`), `${path}.metadata.network`);
  const epoch = natural(object.epoch, `${path}.epoch`);
  const entity = parseEntity(member(object, "signed_entity_type", path), `${path}.signed_entity_type`);
  return { generation: "epoch", network, epoch, entity };
}

function parseMessage(value: unknown, path: string): MithrilMessage {
  const parts = read.record(member(read.record(value, path), "message_parts", path), `${path}.message_parts`);
  const known: readonly string[] = MITHRIL_PARTS;
  for (const [name, part] of Object.entries(parts)) {
    // A part that is not hashed would be shown and signed by nobody.
    if (!known.includes(name)) read.fail(`${path}.message_parts.${name}`, "is not a known part of a message");
    read.string(part, `${path}.message_parts.${name}`);
  }
  return parts as MithrilMessage;
}

/** What the message says about its own epoch and the next one. */
function parseVouched(message: MithrilMessage, path: string): MithrilCertificate["vouched"] {
  const { current_epoch: epoch, next_aggregate_verification_key: key, next_protocol_parameters: parameters } = message;
  const decoded = (text: string): AggregateKey =>
    decodeAggregateKey(
      hexText(text, `${path}.next_aggregate_verification_key`),
      `${path}.next_aggregate_verification_key`,
    );
  return {
    ...(epoch === undefined ? {} : { currentEpoch: decimal(epoch, `${path}.current_epoch`) }),
    ...(key === undefined ? {} : { nextAggregateKey: decoded(key) }),
    ...(parameters === undefined
      ? {}
      : { nextParametersHash: read.string(parameters, `${path}.next_protocol_parameters`, HASH) }),
  };
}

function parseSeal(object: Members, path: string): MithrilCertificate["seal"] {
  const proof = read.string(object.multi_signature ?? "", `${path}.multi_signature`);
  const signature = read.string(object.genesis_signature ?? "", `${path}.genesis_signature`);
  if (proof === "" && signature === "") read.fail(path, "has neither multi_signature nor genesis_signature");
  if (proof !== "" && signature !== "") read.fail(path, "has both multi_signature and genesis_signature");
  if (proof !== "") return { kind: "multisignature", encodedProof: hexText(proof, `${path}.multi_signature`) };
  if (!/^[0-9a-f]{128}$/.test(signature)) read.fail(`${path}.genesis_signature`, "is not lower-case hex of 64 bytes");
  return { kind: "genesis", signature };
}

function parseSigners(value: unknown, path: string): MithrilSigner[] {
  const items = read.array(value, path);
  if (items.length > MAX_PARTIES) read.fail(path, `has more than ${MAX_PARTIES} items`);
  return items.map((item, index) => {
    const at = `${path}[${index}]`;
    const object = read.record(item, at);
    return {
      partyId: read.string(member(object, "party_id", at), `${at}.party_id`),
      stake: natural(member(object, "stake", at), `${at}.stake`),
    };
  });
}

function time(value: unknown, path: string): bigint {
  const nanoseconds = parseNanoseconds(read.string(value, path));
  return nanoseconds ?? read.fail(path, "is not a time like 2024-05-29T00:14:23.279105155Z");
}

function decimal(text: string, path: string): bigint {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) read.fail(path, "is not a decimal number");
  return natural(BigInt(text), path);
}
