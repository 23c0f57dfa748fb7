// A credential without what its form fixes: a third of the document's size, and the document comes back from it.
import type { SignedContent, StampCredential } from "./credential.js";
import { encodeCredential } from "./encode.js";
import type { StampForm } from "./forms.js";
import { parseCredential } from "./parse.js";

/** What is left of a credential when the form's fixed text is taken away. */
export interface CompactCredential {
  readonly content: SignedContent;
  /** 65 bytes as 0x-prefixed lower-case hex. */
  readonly proofValue: string;
}

/** Takes the fixed text off a credential; undefined for a document that is none. */
export function compactCredential(document: unknown): CompactCredential | undefined {
  const parsed = parseCredential(document);
  return "status" in parsed ? undefined : { content: parsed.content, proofValue: parsed.proofValue };
}

/** The same as a list, for a database: its members in a fixed order. */
export function packCredential({ content, proofValue }: CompactCredential): readonly unknown[] {
  const { form, issuer, subject, provider, nullifiers, issuanceDate, expirationDate, created } = content;
  const { verificationMethod } = content;
  return [
    ...[form, issuer, subject, provider, nullifiers, issuanceDate, expirationDate, created],
    ...[verificationMethod, proofValue],
  ];
}

/** The document of a stored credential: a packed one is unpacked, any other is as it was sent. */
export function unpackCredential(stored: unknown): unknown {
  if (!Array.isArray(stored)) return stored;
  const [form, issuer, subject, provider, nullifiers, issuanceDate, expirationDate, created, method, proofValue] =
    stored as [StampForm, string, string, string, string[], string, string, string, string, string];
  const dates = { issuanceDate, expirationDate, created };
  return expandCredential({
    content: { form, issuer, subject, provider, nullifiers, ...dates, verificationMethod: method },
    proofValue,
  });
}

/** The whole document, as a holder can take it elsewhere. */
export const expandCredential = ({ content, proofValue }: CompactCredential): StampCredential =>
  encodeCredential(content, proofValue);
