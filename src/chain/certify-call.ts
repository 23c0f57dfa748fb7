import type { Certificate } from "../certificates/certificate.js";
import { DomainError } from "../shared/errors.js";
import { proofFromHex } from "../stm/encoding/json.js";
import type { CertificateParts } from "./certificate-registry.js";
import { encodeProof } from "./stm-calldata.js";

/** `certificate/no-multisignature`: a genesis certificate repeats what the registry said; there is nothing to bring. */
export type CertifyCallErrorCode = "certificate/no-multisignature";

/** What of a certificate the registry takes: it rebuilds the rest of the message itself. */
export function certifyCall(certificate: Certificate): {
  readonly parts: CertificateParts;
  readonly proof: Uint8Array;
} {
  const { content, epoch } = certificate;
  if (content.kind !== "multisignature") {
    const message = `The certificate ${certificate.hash} has no multisignature: it is where a chain begins.`;
    throw new DomainError<CertifyCallErrorCode>("certificate/no-multisignature", message, { hash: certificate.hash });
  }
  const { scores, stakeDistributionRoot } = content.message;
  return {
    parts: { epoch, snapshot: scores, stakeDistributionRoot },
    proof: encodeProof(proofFromHex(content.proof)),
  };
}
