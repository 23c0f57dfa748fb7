// Small chains of our own certificates: an anchor and the epochs after it, each certificate changeable before it is signed.
import { id } from "ethers";

import {
  type Certificate,
  type CertificateDraft,
  type ChainAnchor,
  choosePredecessor,
  genesisCertificate,
  makeCertificate,
  type SignedContent,
} from "../../src/certificates/certificate.js";
import { type CertificateMessage, certificateMessageHash } from "../../src/certificates/certificate-message.js";
import type { Entity } from "../../src/certificates/entity.js";
import { parametersHash } from "../../src/certificates/parameters-hash.js";
import { multisign, PARAMETERS, type Signers, signersOf } from "./mithril-chain.js";

export const REGISTRY = { chainId: 31_337n, address: "0x5afe000000000000000000000000000000001234" };
export const METADATA = { protocolVersion: "1", initiatedAt: 1_800_000_000_123n, sealedAt: 1_800_000_001_456n };

export const anchorAt = (number: number, epoch: bigint): ChainAnchor => ({
  number,
  epoch,
  aggregateKey: signersOf(`epoch ${epoch}`).registration.aggregateKey,
  parametersHash: parametersHash(PARAMETERS),
});

/** What stewards sign in an epoch about an entity. */
export const messageOf = (entity: Entity): CertificateMessage => ({
  ...(entity.kind === "scores"
    ? { scores: { scoresRoot: id("scores"), snapshotDigest: id("digest"), snapshotBlock: entity.block } }
    : {}),
  stakeDistributionRoot: id(`stakes ${entity.epoch}`),
  nextAggregateKey: signersOf(`epoch ${entity.epoch + 1n}`).registration.aggregateKey,
  nextParametersHash: parametersHash(PARAMETERS),
  currentEpoch: entity.epoch,
  registry: REGISTRY,
});

/** A certificate before it is signed. */
export interface Unsigned extends Omit<CertificateDraft, "content" | "aggregateKey"> {
  readonly signers: Signers;
  readonly content: Omit<SignedContent, "proof">;
}

export function sealUnsigned({ signers, content, ...draft }: Unsigned): Certificate {
  const proof = multisign(certificateMessageHash(content.message), signers, draft.parameters);
  return makeCertificate({
    ...draft,
    aggregateKey: signers.registration.aggregateKey,
    content: { ...content, proof },
  });
}

export type EditUnsigned = (unsigned: Unsigned, place: number) => Unsigned;

/** Genesis of epoch 20 at place 0, then for each entity a certificate. */
export function makeOwnChain(entities: readonly Entity[], edit: EditUnsigned = (unsigned) => unsigned): Certificate[] {
  const chain = [genesisCertificate(anchorAt(1, 20n), PARAMETERS, METADATA)];
  for (const entity of entities) {
    const { epoch } = entity;
    const unsigned: Unsigned = {
      previousHash: choosePredecessor(epoch, chain)?.hash ?? chain.at(-1)?.hash ?? "",
      epoch,
      parameters: PARAMETERS,
      metadata: { ...METADATA, signers: [{ steward: `0x${"ab".repeat(20)}`, stake: 7n }] },
      signers: signersOf(`epoch ${epoch}`),
      content: { kind: "multisignature", entity, message: messageOf(entity) },
    };
    chain.push(sealUnsigned(edit(unsigned, chain.length)));
  }
  return chain;
}

export const stakes = (epoch: bigint): Extract<Entity, { kind: "stake-distribution" }> => ({
  kind: "stake-distribution",
  epoch,
});
export const scores = (epoch: bigint, block = epoch * 1000n): Extract<Entity, { kind: "scores" }> => ({
  kind: "scores",
  epoch,
  block,
  chunk: 7n,
});
