// The hash of a certificate, over all that it shows: certification.md 2.1.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { messageHash } from "../certificates/message.js";
import { parametersHash } from "../certificates/parameters-hash.js";
import { u64 } from "../shared/big-endian.js";
import type { MithrilCertificate } from "./certificate.js";
import { entityEncodings } from "./entity.js";
import { MITHRIL_PARTS } from "./message-parts.js";

const sha256Hex = (...chunks: readonly (Uint8Array | string)[]): string =>
  bytesToHex(sha256(concatBytes(...chunks.map((chunk) => (typeof chunk === "string" ? utf8ToBytes(chunk) : chunk)))));

export function metadataHash({ subject, version, parameters, initiatedAt, sealedAt, signers }: MithrilCertificate) {
  return sha256Hex(
    // The first generation has the network in its beacon, which is hashed apart.
    subject.generation === "beacon" ? "" : subject.network,
    version,
    parametersHash(parameters),
    u64(initiatedAt),
    u64(sealedAt),
    ...signers.map(({ partyId, stake }) => sha256Hex(partyId, u64(stake))),
  );
}

/** The hashes that a certificate of this content may have: one for each encoding of its entity. */
export function certificateHashes(certificate: MithrilCertificate): readonly string[] {
  const { subject, seal } = certificate;
  const when =
    subject.generation === "beacon"
      ? sha256Hex(subject.network, u64(subject.epoch), u64(subject.file))
      : u64(subject.epoch);
  const entities = subject.generation === "beacon" || seal.kind === "genesis" ? [""] : entityEncodings(subject.entity);
  const message = messageHash(MITHRIL_PARTS, certificate.message);
  const metadata = metadataHash(certificate);
  return entities.map((entity) =>
    sha256Hex(
      certificate.previousHash,
      when,
      metadata,
      message,
      certificate.signedMessage,
      certificate.encodedAggregateKey,
      entity,
      seal.kind === "genesis" ? seal.signature : seal.encodedProof,
    ),
  );
}
