// The message of our own certificates (certification.md 2.4). Every value has a fixed width in lower-case hex, so that the
// contract can rebuild the message from words. The registry in it says which chain of certificates a signature is for: the
// multisignature itself has no domain.
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

import { DocumentReader } from "../shared/document.js";
import { DomainError } from "../shared/errors.js";
import type { AggregateKey } from "../stm/aggregate-key.js";
import { aggregateKeyFromLegacy, aggregateKeyToLegacy } from "../stm/encoding/legacy.js";
import type { CertificateErrorCode } from "./errors.js";
import { messageHash, type MessageParts } from "./message.js";

export const CERTIFICATE_PARTS = [
  "scores_root",
  "snapshot_digest",
  "snapshot_block",
  "stake_distribution_root",
  "next_aggregate_verification_key",
  "next_protocol_parameters",
  "current_epoch",
  "registry",
] as const;

export type CertificatePart = (typeof CERTIFICATE_PARTS)[number];
export type CertificateParts = MessageParts<CertificatePart>;

/** The `CertificateRegistry` that a chain of certificates belongs to. */
export interface RegistryDomain {
  readonly chainId: bigint;
  /** 20 bytes, 0x-prefixed hex; its case does not matter. */
  readonly address: string;
}

/** What the signers of an epoch vouch for. Hashes and roots are 32 bytes, 0x-prefixed lower-case hex. */
export interface CertificateMessage {
  /** Absent in a certificate of the stake distribution alone. */
  readonly scores?: {
    /** As `buildScoresTree` makes it. */
    readonly scoresRoot: string;
    readonly snapshotDigest: string;
    /** Above 0: on-chain, block 0 stands for a certificate without scores. */
    readonly snapshotBlock: bigint;
  };
  readonly stakeDistributionRoot: string;
  /** The key that signs in the next epoch; absent when too few registered for there to be one. */
  readonly nextAggregateKey?: AggregateKey;
  /** `parametersHash` of the next epoch's parameters, without a prefix. */
  readonly nextParametersHash: string;
  readonly currentEpoch: bigint;
  readonly registry: RegistryDomain;
}

const WIDTHS: Readonly<Record<CertificatePart, number>> = {
  scores_root: 64,
  snapshot_digest: 64,
  snapshot_block: 16,
  stake_distribution_root: 64,
  next_aggregate_verification_key: 96,
  next_protocol_parameters: 64,
  current_epoch: 16,
  registry: 56,
};
const SCORES = ["scores_root", "snapshot_digest", "snapshot_block"] as const;

/** The message as its parts. Throws `certificates/bad-value` for a value that its part cannot hold. */
export function encodeMessage(message: CertificateMessage): CertificateParts {
  const { scores, registry } = message;
  const parts: CertificateParts = {
    ...(scores === undefined
      ? {}
      : {
          scores_root: digits(scores.scoresRoot),
          snapshot_digest: digits(scores.snapshotDigest),
          snapshot_block: hex64(scores.snapshotBlock),
        }),
    stake_distribution_root: digits(message.stakeDistributionRoot),
    next_aggregate_verification_key: keyDigits(message.nextAggregateKey),
    next_protocol_parameters: message.nextParametersHash,
    current_epoch: hex64(message.currentEpoch),
    registry: hex64(registry.chainId) + digits(registry.address),
  };
  for (const [name, value] of Object.entries(parts)) {
    if (!hasWidth(value, name as CertificatePart)) {
      const width = WIDTHS[name as CertificatePart];
      throw new DomainError<CertificateErrorCode>(
        "certificates/bad-value",
        `The message part ${name} must have ${width} hex digits${nonZero(name)}, not "${value}".`,
        { name },
      );
    }
  }
  return parts;
}

/** The inverse of {@link encodeMessage}; `path` begins its messages. Throws `certificates/malformed`. */
export function decodeMessage(value: unknown, path: string): CertificateMessage {
  const read = new DocumentReader<CertificateErrorCode>("certificates/malformed");
  const parts = read.object(
    value,
    path,
    CERTIFICATE_PARTS.filter((name) => !isScores(name)),
    SCORES,
  );
  const part = (name: CertificatePart): string => {
    const text = read.string(parts[name], `${path}.${name}`);
    if (!hasWidth(text, name))
      read.fail(`${path}.${name}`, `does not have ${WIDTHS[name]} lower-case hex digits${nonZero(name)}`);
    return text;
  };
  const present = SCORES.filter((name) => parts[name] !== undefined);
  if (present.length !== 0 && present.length !== SCORES.length) {
    read.fail(path, `has ${present.join(" and ")}, but not all three of ${SCORES.join(", ")}`);
  }
  const nextKey = part("next_aggregate_verification_key");
  return {
    ...(present.length === 0
      ? {}
      : {
          scores: {
            scoresRoot: `0x${part("scores_root")}`,
            snapshotDigest: `0x${part("snapshot_digest")}`,
            snapshotBlock: BigInt(`0x${part("snapshot_block")}`),
          },
        }),
    stakeDistributionRoot: `0x${part("stake_distribution_root")}`,
    ...(nextKey === NO_KEY ? {} : { nextAggregateKey: readKey(nextKey, `${path}.next_aggregate_verification_key`) }),
    nextParametersHash: part("next_protocol_parameters"),
    currentEpoch: BigInt(`0x${part("current_epoch")}`),
    registry: {
      chainId: BigInt(`0x${part("registry").slice(0, 16)}`),
      address: `0x${part("registry").slice(16)}`,
    },
  };
}

/** What the stewards sign, as its 64 ASCII digits. */
export const certificateMessageHash = (message: CertificateMessage): string =>
  messageHash(CERTIFICATE_PARTS, encodeMessage(message));

export const sameRegistry = (a: RegistryDomain, b: RegistryDomain): boolean =>
  a.chainId === b.chainId && a.address.toLowerCase() === b.address.toLowerCase();

/** An aggregate key from the hex of its 48 legacy bytes. */
export function readKey(hex: string, path: string): AggregateKey {
  try {
    return aggregateKeyFromLegacy(hexToBytes(hex));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError<CertificateErrorCode>(
      "certificates/malformed",
      `${path}: is no aggregate key: ${message}`,
      { path },
      { cause },
    );
  }
}

/** The 48 legacy bytes of an aggregate key in hex; zeros for none. */
export const keyDigits = (key: AggregateKey | undefined): string =>
  key === undefined ? NO_KEY : bytesToHex(aggregateKeyToLegacy(key));

const NO_KEY = "0".repeat(96);
const nonZero = (name: string): string => (name === "snapshot_block" ? " other than zeros" : "");
const NO_BLOCK = "0".repeat(16);
const hasWidth = (value: string, name: CertificatePart): boolean =>
  value.length === WIDTHS[name] && /^[0-9a-f]*$/.test(value) && !(name === "snapshot_block" && value === NO_BLOCK);
const isScores = (name: CertificatePart): boolean => (SCORES as readonly string[]).includes(name);
const digits = (hex: string): string => hex.replace(/^0x/, "").toLowerCase();
/** 16 digits; a value of more than 64 bits becomes longer, and a negative one gets a sign: both are then refused. */
const hex64 = (value: bigint): string => value.toString(16).padStart(16, "0");
