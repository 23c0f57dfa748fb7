import type { SignedContent, StampCredential } from "./credential.js";
import {
  CREDENTIAL_CONTEXT,
  CREDENTIAL_TYPE,
  FORMS,
  PROOF_CONTEXT,
  PROOF_PURPOSE,
  PROOF_TYPE,
  TOUCHSTONE_SCHEME,
} from "./forms.js";

/** The credential document around signed content; `proofValue` is 65 bytes as 0x-prefixed lower-case hex. */
export function encodeCredential(content: SignedContent, proofValue: string): StampCredential {
  const { form, subject, provider, nullifiers } = content;
  const { domain, types, subjectContext } = FORMS[form];
  const evidence = form === "legacy" ? { hash: nullifiers[0] as string } : { nullifiers };
  return {
    "@context": CREDENTIAL_CONTEXT,
    type: CREDENTIAL_TYPE,
    ...(form === "touchstone" ? { scheme: TOUCHSTONE_SCHEME } : {}),
    issuer: content.issuer,
    issuanceDate: content.issuanceDate,
    expirationDate: content.expirationDate,
    credentialSubject: { "@context": subjectContext, ...evidence, id: subject, provider },
    proof: {
      "@context": PROOF_CONTEXT,
      type: PROOF_TYPE,
      created: content.created,
      proofPurpose: PROOF_PURPOSE,
      verificationMethod: content.verificationMethod,
      proofValue,
      eip712Domain: { domain, types, primaryType: "Document" },
    },
  };
}
