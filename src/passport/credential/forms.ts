// The three forms of a stamp, to the byte. Two are the ecosystem's: with `nullifiers`, and the legacy one with a single
// `hash`. The third is ours: a version in the domain and a scheme in the signed document, so that nothing signed for one
// can ever be read as the other.
//
// The order of members is part of the type's hash: Document and Proof are alphabetical, CredentialSubject puts the
// nullifiers before `id`; a struct really is called `@context`. A credential carries a copy of its types; it is compared
// with these and never used (a credential that brings its own types decides itself what its signature covers).

export type StampForm = "touchstone" | "nullifiers" | "legacy";

export interface TypeMember {
  readonly name: string;
  readonly type: string;
}
export type TypeTable = Readonly<Record<string, readonly TypeMember[]>>;

export interface FormSpec {
  readonly form: StampForm;
  readonly domain: Readonly<Record<string, string>>;
  /** As carried in `proof.eip712Domain.types`, the domain's own type included. */
  readonly types: TypeTable;
  /** The inner `@context` of the subject. */
  readonly subjectContext: Readonly<Record<string, unknown>>;
}

export const CREDENTIAL_CONTEXT = [
  "https://www.w3.org/2018/credentials/v1",
  "https://w3id.org/vc/status-list/2021/v1",
] as const;
export const CREDENTIAL_TYPE = ["VerifiableCredential"] as const;
export const PROOF_CONTEXT = "https://w3id.org/security/suites/eip712sig-2021/v1";
export const PROOF_TYPE = "EthereumEip712Signature2021";
export const PROOF_PURPOSE = "assertionMethod";
/** Names our own form; a later one gets another name and is refused until this code knows it. */
export const TOUCHSTONE_SCHEME = "touchstone-stamp-v1";

const TEXT = "https://schema.org/Text";
const member = (name: string, type = "string"): TypeMember => ({ name, type });

const PROOF = ["@context", "created", "proofPurpose", "type", "verificationMethod"].map((name) => member(name));
const document = (...own: readonly TypeMember[]): readonly TypeMember[] => [
  member("@context", "string[]"),
  member("credentialSubject", "CredentialSubject"),
  member("expirationDate"),
  member("issuanceDate"),
  member("issuer"),
  member("proof", "Proof"),
  ...own,
  member("type", "string[]"),
];
const nullifierTypes = (domain: readonly TypeMember[], ...own: readonly TypeMember[]): TypeTable => ({
  EIP712Domain: domain,
  Document: document(...own),
  "@context": [member("nullifiers", "NullifiersContext"), member("provider")],
  CredentialSubject: [
    member("@context", "@context"),
    member("nullifiers", "string[]"),
    member("id"),
    member("provider"),
  ],
  NullifiersContext: [member("@container"), member("@type")],
  Proof: PROOF,
});
const nullifierContext = { nullifiers: { "@container": "@list", "@type": TEXT }, provider: TEXT };

export const FORMS: Readonly<Record<StampForm, FormSpec>> = {
  touchstone: {
    form: "touchstone",
    domain: { name: "VerifiableCredential", version: "1" },
    types: nullifierTypes([member("name"), member("version")], member("scheme")),
    subjectContext: nullifierContext,
  },
  nullifiers: {
    form: "nullifiers",
    domain: { name: "VerifiableCredential" },
    types: nullifierTypes([member("name")]),
    subjectContext: nullifierContext,
  },
  legacy: {
    form: "legacy",
    domain: { name: "VerifiableCredential" },
    types: {
      EIP712Domain: [member("name")],
      Document: document(),
      "@context": [member("hash"), member("provider")],
      CredentialSubject: [member("@context", "@context"), member("hash"), member("id"), member("provider")],
      Proof: PROOF,
    },
    subjectContext: { hash: TEXT, provider: TEXT },
  },
};

/** EIP-712 `encodeType`: the struct first, then those that it refers to, sorted by name. */
export function typeString(types: TypeTable, primary: string): string {
  const used = new Set<string>();
  const visit = (name: string) => {
    if (used.has(name)) return;
    used.add(name);
    for (const { type } of types[name] ?? []) {
      const base = type.replace(/\[\]$/, "");
      if (types[base] !== undefined) visit(base);
    }
  };
  visit(primary);
  used.delete(primary);
  return [primary, ...[...used].sort()]
    .map((name) => `${name}(${(types[name] ?? []).map(({ name: field, type }) => `${type} ${field}`).join(",")})`)
    .join("");
}
