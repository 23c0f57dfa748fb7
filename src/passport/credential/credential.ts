import type { StampForm } from "./forms.js";

/** A stamp as it travels: a W3C verifiable credential, data model v1. Written by the encoder, never trusted when read. */
export interface StampCredential {
  readonly "@context": readonly string[];
  readonly type: readonly string[];
  readonly scheme?: string;
  readonly issuer: string;
  readonly issuanceDate: string;
  readonly expirationDate: string;
  readonly credentialSubject: {
    readonly "@context": Readonly<Record<string, unknown>>;
    readonly hash?: string;
    readonly nullifiers?: readonly string[];
    readonly id: string;
    readonly provider: string;
  };
  readonly proof: {
    readonly "@context": string;
    readonly type: string;
    readonly created: string;
    readonly proofPurpose: string;
    readonly verificationMethod: string;
    readonly proofValue: string;
    readonly eip712Domain: { readonly domain: object; readonly types: object; readonly primaryType: string };
  };
}

/** What the signature of a credential covers and its form does not already fix. */
export interface SignedContent {
  readonly form: StampForm;
  /** Issuer DID. */
  readonly issuer: string;
  /** Subject DID, as signed. */
  readonly subject: string;
  readonly provider: string;
  /** One string in the legacy form (its `hash`), one or two in the others. */
  readonly nullifiers: readonly string[];
  readonly issuanceDate: string;
  readonly expirationDate: string;
  readonly created: string;
  readonly verificationMethod: string;
}
