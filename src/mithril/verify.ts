// A Mithril chain: certification.md 2.2, with what is Mithril's own (hash, message, genesis signature); the rest is the rule
// that our certificates share.
import { hexToBytes } from "@noble/hashes/utils.js";

import { type Check, checked, failed, passed, skipped } from "../certificates/check.js";
import { messageHash, signedBytes } from "../certificates/message.js";
import { type ChainVerdict, verifyChain } from "../certificates/verify-chain.js";
import { DomainError, invariant } from "../shared/errors.js";
import type { ConcatenationProof } from "../stm/proof.js";
import { type Claim, verifyProof } from "../stm/verify.js";
import type { MithrilCertificate } from "./certificate.js";
import { decodeProof } from "./decode.js";
import type { MithrilErrorCode } from "./errors.js";
import { type GenesisKey, verifyGenesisSignature } from "./genesis-key.js";
import { certificateHashes } from "./hash.js";
import { MITHRIL_PARTS } from "./message-parts.js";

export interface MithrilPolicy {
  /** Refuses parts that are absent in older formats, predecessors that are not there, and forks. Needs a genesis key. */
  readonly strict: boolean;
  readonly genesisKey?: GenesisKey;
}

/** Verifies a multisignature; throws when it is not right. */
export type ProofVerifier = (certificate: MithrilCertificate) => void;

/**
 * Verifies certificates, in any order, as the chain or the pieces of chains that they are. Throws `mithril/no-genesis-key`
 * for strict verification without a key; everything else is in the verdict.
 */
export function verifyMithrilChain(
  certificates: readonly MithrilCertificate[],
  policy: MithrilPolicy,
  verifyMultisignature: ProofVerifier = verifySeal,
): ChainVerdict<MithrilCertificate> {
  if (policy.strict && policy.genesisKey === undefined) {
    throw new DomainError<MithrilErrorCode>(
      "mithril/no-genesis-key",
      "Strict verification needs the genesis key: without it anyone could have made the chain. Give --genesis-key.",
    );
  }
  const ownChecks = (certificate: MithrilCertificate): Check[] => [
    checkHash(certificate),
    checkMessage(certificate),
    checkSeal(certificate, policy.genesisKey, verifyMultisignature),
  ];
  return verifyChain(certificates, ownChecks, { strict: policy.strict });
}

/** The proof of a certificate's multisignature; throws a `DomainError` for what does not decode. */
export function proofOf({ seal }: MithrilCertificate): ConcatenationProof | undefined {
  return seal.kind === "multisignature" ? decodeProof(seal.encodedProof) : undefined;
}

/** What the multisignature of a certificate shall show. Throws as {@link proofOf} does, and for a genesis certificate. */
export function claimOf(certificate: MithrilCertificate): Claim {
  const proof = proofOf(certificate);
  invariant(proof !== undefined, "a genesis certificate has no multisignature");
  const { signedMessage, aggregateKey: key, parameters } = certificate;
  return { proof, message: signedBytes(signedMessage), key, parameters };
}

/** The stake-based multisignature of a certificate over its signed message. */
export function verifySeal(certificate: MithrilCertificate): void {
  const { proof, message, key, parameters } = claimOf(certificate);
  verifyProof(proof, message, key, parameters);
}

function checkHash(certificate: MithrilCertificate): Check {
  const hashes = certificateHashes(certificate);
  return checked("hash", hashes.includes(certificate.hash), () => `its content hashes to ${hashes[0]}`);
}

function checkMessage({ message, signedMessage }: MithrilCertificate): Check {
  const hash = messageHash(MITHRIL_PARTS, message);
  return checked(
    "message",
    hash === signedMessage,
    () => `its message hashes to ${hash}, which is not what was signed`,
  );
}

function checkSeal(certificate: MithrilCertificate, key: GenesisKey | undefined, verify: ProofVerifier): Check {
  const { seal, signedMessage } = certificate;
  if (seal.kind === "genesis") {
    if (key === undefined) return skipped("genesis", "no genesis key is given, so its signature is unchecked");
    const valid = verifyGenesisSignature(hexToBytes(seal.signature), signedBytes(signedMessage), key);
    return checked("genesis", valid, () => `its signature is not by ${key.origin}`);
  }
  try {
    verify(certificate);
    return passed("multisignature");
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return failed("multisignature", error.message.replace(/\.$/, ""));
  }
}
