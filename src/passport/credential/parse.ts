// Reads a credential strictly: exactly the members of its form, in the form's spelling. Members outside the signed types
// would not break the signature, so a lenient reader would accept altered copies.
import type { SignedContent } from "./credential.js";
import { parseInstant } from "./dates.js";
import {
  CREDENTIAL_CONTEXT,
  CREDENTIAL_TYPE,
  FORMS,
  PROOF_CONTEXT,
  PROOF_PURPOSE,
  PROOF_TYPE,
  TOUCHSTONE_SCHEME,
  type FormSpec,
  type StampForm,
} from "./forms.js";

export interface ParsedCredential {
  readonly content: SignedContent;
  /** Lower-case hex, 0x-prefixed: r, s, v. */
  readonly proofValue: string;
  /** Lower-case 0x address from the subject's DID. */
  readonly account: string;
  /** Whole seconds since the epoch, both. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Why a document is no credential of ours to judge; `bad_proof` when it is one but brings its own signing rules. */
export interface ParseFailure {
  readonly status: "malformed" | "bad_proof";
  readonly detail: string;
}

const TOP = ["@context", "type", "issuer", "issuanceDate", "expirationDate", "credentialSubject", "proof"];
const SUBJECT = ["@context", "id", "provider"];
const PROOF = ["@context", "type", "created", "proofPurpose", "verificationMethod", "proofValue", "eip712Domain"];

const ISSUER = /^did:ethr:0x[0-9a-f]{40}$/;
const SUBJECT_ID = /^did:pkh:eip155:1:(0x[0-9a-fA-F]{40})$/;
const PROOF_VALUE = /^0x[0-9a-f]{128}1[bc]$/;
/** Printable ASCII; spaces inside only. */
export const PROVIDER_NAME = /^[!-~](?:[ -~]{0,126}[!-~])?$/;
/** A key version and 32 bytes in base64, whose last character has two spare bits that must be zero. */
export const NULLIFIER = /^v[0-9]+(?:\.[0-9]+)*:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
/** Two keys overlap in a rotation; more is no nullifier set that this system or the ecosystem's issuer writes. */
const MAX_NULLIFIERS = 2;

class Failure extends Error {
  constructor(readonly failure: ParseFailure) {
    super(failure.detail);
  }
}
const refuse = (detail: string, status: ParseFailure["status"] = "malformed"): never => {
  throw new Failure({ status, detail });
};

function members(value: unknown, path: string, expected: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(`${path} is not an object`);
  const keys = Object.keys(value);
  // Its name is the sender's text, and reasons are stored for good.
  if (keys.some((key) => !expected.includes(key))) refuse(`${path} has a member that this form has not`);
  for (const key of expected) if (!Object.hasOwn(value, key)) refuse(`${path}.${key} is missing`);
  return value as Record<string, unknown>;
}

function text(value: unknown, path: string, pattern: RegExp): string {
  if (typeof value !== "string" || !pattern.test(value)) return refuse(`${path} has the wrong form`);
  return value;
}

function instant(value: unknown, path: string): number {
  const seconds = typeof value === "string" ? parseInstant(value) : undefined;
  return seconds ?? refuse(`${path} is not a UTC time with milliseconds`);
}

/** Structural equality of JSON values: member order is free in objects and part of the meaning in lists. */
function sameJson(value: unknown, pinned: unknown): boolean {
  if (typeof pinned !== "object" || pinned === null) return value === pinned;
  if (typeof value !== "object" || value === null || Array.isArray(value) !== Array.isArray(pinned)) return false;
  const keys = Object.keys(pinned);
  if (Object.keys(value).length !== keys.length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(value, key)) return false;
    if (!sameJson((value as Record<string, unknown>)[key], (pinned as Record<string, unknown>)[key])) return false;
  }
  return true;
}

function formOf(input: object): StampForm {
  if (Object.hasOwn(input, "scheme")) return "touchstone";
  const subject = (input as Record<string, unknown>).credentialSubject;
  return typeof subject === "object" && subject !== null && Object.hasOwn(subject, "hash") ? "legacy" : "nullifiers";
}

function readNullifiers(subject: Record<string, unknown>, form: StampForm): readonly string[] {
  if (form === "legacy") return [text(subject.hash, "credentialSubject.hash", NULLIFIER)];
  const list = subject.nullifiers;
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_NULLIFIERS) {
    return refuse(`credentialSubject.nullifiers does not hold one or two entries`);
  }
  const nullifiers = list.map((item, index) => text(item, `credentialSubject.nullifiers[${index}]`, NULLIFIER));
  if (new Set(nullifiers).size !== nullifiers.length) refuse("credentialSubject.nullifiers names one twice");
  return nullifiers;
}

function readProof(value: unknown, spec: FormSpec): Record<string, unknown> {
  const proof = members(value, "proof", PROOF);
  if (proof["@context"] !== PROOF_CONTEXT) refuse("proof.@context is foreign", "bad_proof");
  if (proof.type !== PROOF_TYPE) refuse("proof.type is foreign", "bad_proof");
  if (proof.proofPurpose !== PROOF_PURPOSE) refuse("proof.proofPurpose is foreign", "bad_proof");
  const { domain, types } = spec;
  if (!sameJson(proof.eip712Domain, { domain, types, primaryType: "Document" })) {
    refuse("proof.eip712Domain differs from the pinned domain and types", "bad_proof");
  }
  instant(proof.created, "proof.created");
  return proof;
}

function read(input: unknown): ParsedCredential {
  if (typeof input !== "object" || input === null) return refuse("the credential is not an object");
  const form = formOf(input);
  const spec = FORMS[form];
  const top = members(input, "credential", form === "touchstone" ? [...TOP, "scheme"] : TOP);
  if (form === "touchstone" && top.scheme !== TOUCHSTONE_SCHEME) refuse("scheme is not known");
  if (!sameJson(top["@context"], CREDENTIAL_CONTEXT)) refuse("@context is foreign");
  if (!sameJson(top.type, CREDENTIAL_TYPE)) refuse("type is foreign");
  const evidence = form === "legacy" ? "hash" : "nullifiers";
  const subject = members(top.credentialSubject, "credentialSubject", [...SUBJECT, evidence]);
  if (!sameJson(subject["@context"], spec.subjectContext)) refuse("credentialSubject.@context is foreign");
  const id = text(subject.id, "credentialSubject.id", SUBJECT_ID);
  const issuer = text(top.issuer, "issuer", ISSUER);
  const issuedAt = instant(top.issuanceDate, "issuanceDate");
  const expiresAt = instant(top.expirationDate, "expirationDate");
  if (expiresAt <= issuedAt) refuse("expirationDate is not after issuanceDate");
  const nullifiers = readNullifiers(subject, form);
  const provider = text(subject.provider, "credentialSubject.provider", PROVIDER_NAME);
  const proof = readProof(top.proof, spec);
  const method = proof.verificationMethod;
  if (typeof method !== "string" || !method.startsWith(`${issuer}#`)) {
    refuse("proof.verificationMethod is not a key of the issuer", "bad_proof");
  }
  return {
    content: {
      form,
      issuer,
      subject: id,
      provider,
      nullifiers,
      issuanceDate: top.issuanceDate as string,
      expirationDate: top.expirationDate as string,
      created: proof.created as string,
      verificationMethod: method as string,
    },
    proofValue:
      typeof proof.proofValue === "string" && PROOF_VALUE.test(proof.proofValue)
        ? proof.proofValue
        : refuse("proof.proofValue is not r, s, v in lower-case hex", "bad_proof"),
    account: (SUBJECT_ID.exec(id)?.[1] ?? "").toLowerCase(),
    issuedAt,
    expiresAt,
  };
}

/** Reads a credential of any of the three forms, without looking at its signature. */
export function parseCredential(input: unknown): ParsedCredential | ParseFailure {
  try {
    return read(input);
  } catch (error) {
    if (error instanceof Failure) return error.failure;
    throw error;
  }
}
