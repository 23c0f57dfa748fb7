import { expect } from "chai";
import { TypedDataEncoder, type TypedDataField } from "ethers";
import fc from "fast-check";

import type { SignedContent } from "../../../src/passport/credential/credential.js";
import { credentialDigest } from "../../../src/passport/credential/digest.js";
import { encodeCredential } from "../../../src/passport/credential/encode.js";
import { FORMS, typeString, type StampForm } from "../../../src/passport/credential/forms.js";

/** The ecosystem's recipe: the credential itself is the message, members outside the types are ignored. */
function referenceDigest(content: SignedContent): string {
  const { EIP712Domain: _own, ...types } = FORMS[content.form].types;
  const message = encodeCredential(content, "0x");
  return TypedDataEncoder.hash(
    FORMS[content.form].domain,
    types as unknown as Record<string, TypedDataField[]>,
    message,
  );
}

const text = fc.string({ unit: "grapheme", maxLength: 200 });
const content = (form: StampForm): fc.Arbitrary<SignedContent> =>
  fc.record({
    form: fc.constant(form),
    issuer: text,
    subject: text,
    provider: text,
    nullifiers: form === "legacy" ? fc.tuple(text) : fc.array(text, { maxLength: 3 }),
    issuanceDate: text,
    expirationDate: text,
    created: text,
    verificationMethod: text,
  });

describe("credentialDigest", () => {
  it("stamp/type-strings-are-pinned: to the byte of the ecosystem's", () => {
    expect(typeString(FORMS.nullifiers.types, "Document")).to.equal(
      "Document(string[] @context,CredentialSubject credentialSubject,string expirationDate,string issuanceDate,string issuer,Proof proof,string[] type)@context(NullifiersContext nullifiers,string provider)CredentialSubject(@context @context,string[] nullifiers,string id,string provider)NullifiersContext(string @container,string @type)Proof(string @context,string created,string proofPurpose,string type,string verificationMethod)",
    );
    expect(typeString(FORMS.legacy.types, "Document")).to.equal(
      "Document(string[] @context,CredentialSubject credentialSubject,string expirationDate,string issuanceDate,string issuer,Proof proof,string[] type)@context(string hash,string provider)CredentialSubject(@context @context,string hash,string id,string provider)Proof(string @context,string created,string proofPurpose,string type,string verificationMethod)",
    );
    expect(typeString(FORMS.touchstone.types, "Document")).to.include(
      "Proof proof,string scheme,string[] type)@context(",
    );
    expect(typeString(FORMS.legacy.types, "EIP712Domain")).to.equal("EIP712Domain(string name)");
    expect(typeString(FORMS.touchstone.types, "EIP712Domain")).to.equal("EIP712Domain(string name,string version)");
  });

  for (const form of Object.keys(FORMS) as StampForm[]) {
    it(`equals ethers' encoder for any content of the ${form} form`, () => {
      fc.assert(
        fc.property(content(form), (any) => {
          expect(`0x${Buffer.from(credentialDigest(any)).toString("hex")}`).to.equal(referenceDigest(any));
        }),
        { numRuns: 60 },
      );
    });
  }
});
