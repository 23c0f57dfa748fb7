// EIP-712 hashing of a stamp, with everything that its form fixes hashed once at import. What is left are some ten short
// strings and four structs. test/unit/passport/digest.test.ts holds it against ethers' encoder.
import { invariant } from "../../shared/errors.js";
import { keccak } from "../../shared/keccak.js";
import type { SignedContent } from "./credential.js";
import {
  CREDENTIAL_CONTEXT,
  CREDENTIAL_TYPE,
  FORMS,
  PROOF_CONTEXT,
  PROOF_PURPOSE,
  PROOF_TYPE,
  TOUCHSTONE_SCHEME,
  typeString,
  type FormSpec,
  type StampForm,
} from "./forms.js";

const WORD = 32;

function hashWords(words: readonly Uint8Array[], buffer = new Uint8Array(words.length * WORD)): Uint8Array {
  for (let index = 0; index < words.length; index++) buffer.set(words[index] as Uint8Array, index * WORD);
  return keccak(buffer);
}
const hashStrings = (texts: readonly string[]) => hashWords(texts.map((text) => keccak(text)));

interface FormHashes {
  readonly document: Uint8Array;
  readonly subject: Uint8Array;
  readonly proof: Uint8Array;
  readonly subjectContext: Uint8Array;
  /** 0x1901 and the domain separator, with room for the document's hash. */
  readonly envelope: Uint8Array;
}

function hashContext(spec: FormSpec): Uint8Array {
  const hashType = (name: string) => keccak(typeString(spec.types, name));
  const words = (spec.types["@context"] ?? []).map(({ name }) => {
    const value = spec.subjectContext[name];
    if (typeof value === "string") return keccak(value);
    const inner = value as Record<string, string>;
    const fields = (spec.types.NullifiersContext ?? []).map((field) => keccak(inner[field.name] ?? ""));
    return hashWords([hashType("NullifiersContext"), ...fields]);
  });
  return hashWords([hashType("@context"), ...words]);
}

function hashForm(spec: FormSpec): FormHashes {
  const domain = (spec.types.EIP712Domain ?? []).map(({ name }) => keccak(spec.domain[name] ?? ""));
  const envelope = new Uint8Array(2 + 2 * WORD);
  envelope.set([0x19, 0x01]);
  envelope.set(hashWords([keccak(typeString(spec.types, "EIP712Domain")), ...domain]), 2);
  return {
    document: keccak(typeString(spec.types, "Document")),
    subject: keccak(typeString(spec.types, "CredentialSubject")),
    proof: keccak(typeString(spec.types, "Proof")),
    subjectContext: hashContext(spec),
    envelope,
  };
}

const HASHES: Readonly<Record<StampForm, FormHashes>> = {
  touchstone: hashForm(FORMS.touchstone),
  nullifiers: hashForm(FORMS.nullifiers),
  legacy: hashForm(FORMS.legacy),
};
const CONTEXT_HASH = hashStrings(CREDENTIAL_CONTEXT);
const TYPE_HASH = hashStrings(CREDENTIAL_TYPE);
const PROOF_CONTEXT_HASH = keccak(PROOF_CONTEXT);
const PROOF_TYPE_HASH = keccak(PROOF_TYPE);
const PROOF_PURPOSE_HASH = keccak(PROOF_PURPOSE);
const SCHEME_HASH = keccak(TOUCHSTONE_SCHEME);

/** The 32-byte EIP-712 digest that the issuer signs. It is also a credential's identity: two signatures, one stamp. */
export function credentialDigest(content: SignedContent): Uint8Array {
  const hashes = HASHES[content.form];
  const legacy = content.form === "legacy";
  invariant(!legacy || content.nullifiers.length === 1, "the legacy form holds one hash");
  const subject = hashWords([
    hashes.subject,
    hashes.subjectContext,
    legacy ? keccak(content.nullifiers[0] as string) : hashStrings(content.nullifiers),
    keccak(content.subject),
    keccak(content.provider),
  ]);
  const proof = hashWords([
    hashes.proof,
    PROOF_CONTEXT_HASH,
    keccak(content.created),
    PROOF_PURPOSE_HASH,
    PROOF_TYPE_HASH,
    keccak(content.verificationMethod),
  ]);
  const words = [
    hashes.document,
    CONTEXT_HASH,
    subject,
    keccak(content.expirationDate),
    keccak(content.issuanceDate),
    keccak(content.issuer),
    proof,
  ];
  if (content.form === "touchstone") words.push(SCHEME_HASH);
  words.push(TYPE_HASH);
  hashes.envelope.set(hashWords(words), 2 + WORD);
  return keccak(hashes.envelope);
}
