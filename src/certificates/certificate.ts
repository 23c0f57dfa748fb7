// A certificate of our own chain. It is bound together by its hash, but only its message is signed: metadata and
// predecessor are what whoever aggregated it says.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { u64 } from "../shared/big-endian.js";
import type { AggregateKey } from "../stm/aggregate-key.js";
import type { StmParameters } from "../stm/parameters.js";
import { type CertificateMessage, certificateMessageHash, keyDigits } from "./certificate-message.js";
import { type Entity, entityBytes } from "./entity.js";
import type { LinkedCertificate } from "./link.js";
import { parametersHash } from "./parameters-hash.js";

/** The predecessor of a chain's very first certificate. */
export const NO_PREDECESSOR = "0".repeat(64);

/**
 * Where a chain begins, as the registry's event `ChainAnchored` says: governance lets a chain begin in this epoch, under the
 * key that the contract sealed. A chain that goes on after a gap begins anew with another anchor.
 */
export interface ChainAnchor {
  /** Counted from 1. */
  readonly number: number;
  readonly epoch: bigint;
  readonly aggregateKey: AggregateKey;
  /** As {@link parametersHash}. */
  readonly parametersHash: string;
}

export interface SigningSteward {
  /** 20 bytes, 0x-prefixed lower-case hex. */
  readonly steward: string;
  readonly stake: bigint;
}

export interface CertificateMetadata {
  /** Of the message's rules, not of the program. */
  readonly protocolVersion: string;
  /** Milliseconds since 1970: when the message was opened, and when the quorum was reached. */
  readonly initiatedAt: bigint;
  readonly sealedAt: bigint;
  /** Who contributed to the multisignature. */
  readonly signers: readonly SigningSteward[];
}

/** A certificate by multisignature: about an entity, with a signed message. */
export interface SignedContent {
  readonly kind: "multisignature";
  readonly entity: Entity;
  readonly message: CertificateMessage;
  /** hex(JSON) of the concatenation proof, as STM's interchange form has it. */
  readonly proof: string;
}

/** A certificate without signature: it repeats an anchor of the registry, and whoever verifies it knows the anchor. */
export interface GenesisContent {
  readonly kind: "genesis";
  readonly anchor: number;
}

export interface Certificate extends LinkedCertificate {
  readonly metadata: CertificateMetadata;
  readonly content: SignedContent | GenesisContent;
}

/** A certificate before it has a hash. */
export interface CertificateDraft {
  readonly previousHash: string;
  readonly epoch: bigint;
  readonly aggregateKey: AggregateKey;
  readonly parameters: StmParameters;
  readonly metadata: CertificateMetadata;
  readonly content: SignedContent | GenesisContent;
}

/** Gives a certificate its hash. Throws `certificates/bad-value` for a message that no part can hold. */
export function makeCertificate(draft: CertificateDraft): Certificate {
  return withHash(draft, certificateHash(draft));
}

/** A certificate under the hash that it came with; whether that is its own is for verification to say. */
export function withHash(draft: CertificateDraft, hash: string): Certificate {
  const { content, epoch } = draft;
  return {
    ...draft,
    hash,
    isGenesis: content.kind === "genesis",
    vouched:
      content.kind === "genesis"
        ? { currentEpoch: epoch } // the anchor's; the keys after it are for the first signed message to name
        : {
            currentEpoch: content.message.currentEpoch,
            nextParametersHash: content.message.nextParametersHash,
            ...(content.message.nextAggregateKey === undefined
              ? {}
              : { nextAggregateKey: content.message.nextAggregateKey }),
          },
  };
}

/** The first certificate of a chain, or of its resumption after a gap. */
export function genesisCertificate(
  anchor: ChainAnchor,
  parameters: StmParameters,
  metadata: Omit<CertificateMetadata, "signers">,
  previousHash: string = NO_PREDECESSOR,
): Certificate {
  return makeCertificate({
    previousHash,
    epoch: anchor.epoch,
    aggregateKey: anchor.aggregateKey,
    parameters,
    metadata: { ...metadata, signers: [] },
    content: { kind: "genesis", anchor: anchor.number },
  });
}

/**
 * SHA-256, 64 hex digits, over: a tag; predecessor; epoch; hash of the metadata; aggregate key (48 bytes); parameters hash;
 * then for a signed certificate 0x01, entity, message hash and proof, for a genesis one 0x02 and the anchor's number.
 * Whatever has no fixed width comes last or is hashed by itself, so no two certificates have one preimage.
 */
export function certificateHash(draft: CertificateDraft): string {
  const { content } = draft;
  const head = [
    utf8ToBytes("touchstone-certificate-v1"),
    hexToBytes(draft.previousHash),
    u64(draft.epoch),
    metadataHash(draft.metadata),
    hexToBytes(keyDigits(draft.aggregateKey)),
    hexToBytes(parametersHash(draft.parameters)),
  ];
  const tail =
    content.kind === "genesis"
      ? [Uint8Array.of(2), u64(BigInt(content.anchor))]
      : [
          Uint8Array.of(1),
          sha256(entityBytes(content.entity)),
          hexToBytes(certificateMessageHash(content.message)),
          hexToBytes(content.proof),
        ];
  return bytesToHex(sha256(concatBytes(...head, ...tail)));
}

function metadataHash({ protocolVersion, initiatedAt, sealedAt, signers }: CertificateMetadata): Uint8Array {
  const parties = signers.map(({ steward, stake }) => concatBytes(hexToBytes(steward.slice(2)), u64(stake)));
  return sha256(concatBytes(sha256(utf8ToBytes(protocolVersion)), u64(initiatedAt), u64(sealedAt), ...parties));
}

/**
 * The predecessor of a new certificate of `epoch`: the first certificate of its epoch, else the first signed one of the
 * epoch before. So a chain is as long as its epochs are many, however many certificates an epoch has. `certificates` are in
 * the order in which they were made.
 */
export function choosePredecessor(epoch: bigint, certificates: readonly Certificate[]): Certificate | undefined {
  return (
    certificates.find((certificate) => certificate.epoch === epoch) ??
    // A genesis certificate names no next key.
    certificates.find((certificate) => certificate.epoch === epoch - 1n && !certificate.isGenesis)
  );
}
