import { DomainError } from "../shared/errors.js";
import { proofFromHex } from "../stm/encoding/json.js";
import { type Claim, verifyProof } from "../stm/verify.js";
import type { Certificate, ChainAnchor, GenesisContent, SignedContent } from "./certificate.js";
import { certificateHash } from "./certificate.js";
import { certificateMessageHash, type RegistryDomain, sameRegistry } from "./certificate-message.js";
import { type Check, checked, failed, passed } from "./check.js";
import { sameAggregateKey } from "./link.js";
import { signedBytes } from "./message.js";
import { parametersHash } from "./parameters-hash.js";
import { type ChainVerdict, checkCertificate, type OwnChecks, verifyChain } from "./verify-chain.js";

/** What a verifier knows from the chain itself, or was configured with. */
export interface TrustedChain {
  readonly registry: RegistryDomain;
  /** Every anchor that counts: the first genesis, and one for each gap that governance permitted. */
  readonly anchors: readonly ChainAnchor[];
}

/**
 * Verifies certificates, in any order, back to the registry's anchors. There is one mode, the strict one: every part is there,
 * epochs go forward by at most one, and a gap needs an anchor of its own. Nothing throws: what is wrong stands in the verdict.
 */
export function verifyCertificates(
  certificates: readonly Certificate[],
  trusted: TrustedChain,
): ChainVerdict<Certificate> {
  return verifyChain(certificates, ownChecksWith(trusted), STRICT);
}

/**
 * The checks of one new certificate after `previous`, which was verified before: what a node that follows the chain needs. A
 * genesis certificate has no predecessor to look at. The certificate is good if none of the checks failed.
 */
export function verifyNext(
  certificate: Certificate,
  previous: Certificate | undefined,
  trusted: TrustedChain,
): readonly Check[] {
  const named = previous?.hash === certificate.previousHash ? previous : undefined;
  return checkCertificate(certificate, named, ownChecksWith(trusted), STRICT);
}

const STRICT = { strict: true };

const ownChecksWith =
  (trusted: TrustedChain): OwnChecks<Certificate> =>
  (certificate) => {
    const hash = certificateHash(certificate);
    const { content } = certificate;
    return [
      checked("hash", hash === certificate.hash, () => `its content hashes to ${hash}`),
      ...(content.kind === "genesis"
        ? [checkAnchor(certificate, content, trusted.anchors)]
        : [
            checkMessage(certificate, content),
            checkRegistry(content, trusted.registry),
            checkProof(certificate, content),
          ]),
    ];
  };

function checkAnchor(
  certificate: Certificate,
  { anchor: number }: GenesisContent,
  anchors: readonly ChainAnchor[],
): Check {
  const anchor = anchors.find((known) => known.number === number);
  if (anchor === undefined) return failed("genesis", `the registry's anchor ${number} is not among those trusted`);
  const same =
    anchor.epoch === certificate.epoch &&
    sameAggregateKey(anchor.aggregateKey, certificate.aggregateKey) &&
    anchor.parametersHash === parametersHash(certificate.parameters);
  return checked("genesis", same, () => `it is not what the registry's anchor ${number} says`);
}

/** The entity is not signed, so it has to be what the signed message is about. */
function checkMessage({ epoch }: Certificate, { entity, message }: SignedContent): Check {
  if (entity.epoch !== epoch) return failed("message", `its entity is of epoch ${entity.epoch}, not ${epoch}`);
  if (entity.kind === "stake-distribution") {
    return checked("message", message.scores === undefined, () => "its entity has no scores, but its message has");
  }
  if (message.scores === undefined) return failed("message", "its entity is about scores, but its message has none");
  const { snapshotBlock } = message.scores;
  return checked(
    "message",
    snapshotBlock === entity.block,
    () => `its message is of block ${snapshotBlock}, its entity of block ${entity.block}`,
  );
}

const checkRegistry = ({ message }: SignedContent, registry: RegistryDomain): Check =>
  checked(
    "registry",
    sameRegistry(message.registry, registry),
    () => `its message is for the registry ${message.registry.address} on chain ${message.registry.chainId}`,
  );

/** What the multisignature of a certificate shall show. Throws `StmError` for a proof that does not decode. */
export function claimOf({ aggregateKey: key, parameters }: Certificate, { message, proof }: SignedContent): Claim {
  return { proof: proofFromHex(proof), message: signedBytes(certificateMessageHash(message)), key, parameters };
}

function checkProof(certificate: Certificate, content: SignedContent): Check {
  try {
    const { proof, message, key, parameters } = claimOf(certificate, content);
    verifyProof(proof, message, key, parameters);
    return passed("multisignature");
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return failed("multisignature", error.message.replace(/\.$/, ""));
  }
}
