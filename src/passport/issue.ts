// Issuing our own stamps. What goes in is a provider's evidence, what comes out is a credential with nullifiers: the evidence
// itself is dropped here.
import { invariant } from "../shared/errors.js";
import type { Ban } from "./bans.js";
import type { StampCredential, SignedContent } from "./credential/credential.js";
import { formatInstant, STAMP_LIFETIME } from "./credential/dates.js";
import { credentialDigest } from "./credential/digest.js";
import { encodeCredential } from "./credential/encode.js";
import type { StampForm } from "./credential/forms.js";
import type { Evidence } from "./nullifiers/evidence.js";
import type { NullifierKeyRing } from "./nullifiers/key-ring.js";
import type { DigestSigner } from "./signature.js";

/** Who issues: a DID, the key that signs for it now, and the nullifier keys. */
export interface StampIssuer {
  readonly did: string;
  /** 0 signs as the DID's controller, others as `#key-<version>`. */
  readonly keyVersion: number;
  readonly signer: DigestSigner;
  readonly nullifierKeys: NullifierKeyRing;
}

/** Asked before a credential leaves. It answers for all nullifiers of one stamp, or fails for that stamp. */
export interface BanGateway {
  find(account: string, provider: string, nullifiers: readonly string[], now: number): Promise<Ban | undefined>;
}

export interface StampRequest {
  readonly provider: string;
  /** EIP-55 form: the DID of the subject holds it as it is. */
  readonly account: string;
  readonly evidence: Evidence;
  /** Seconds; 90 days unless told. */
  readonly lifetime?: number;
  /** Our own form unless told; `legacy` is never issued. */
  readonly form?: Exclude<StampForm, "legacy">;
}

export type IssuedStamp =
  | {
      readonly status: "issued";
      readonly provider: string;
      readonly credential: StampCredential;
      readonly digest: string;
    }
  | { readonly status: "banned"; readonly provider: string; readonly ban: Ban }
  /** Nothing was issued, and why is ours to find out: a missing answer about bans or a key that would not sign. */
  | { readonly status: "failed"; readonly provider: string; readonly error: unknown };

function signedContent(
  request: StampRequest,
  issuer: StampIssuer,
  nullifiers: readonly string[],
  now: number,
): SignedContent {
  const form = request.form ?? "touchstone";
  const date = formatInstant(now);
  const lifetime = request.lifetime ?? STAMP_LIFETIME;
  const longest = issuer.nullifierKeys.lifetime;
  invariant(
    lifetime > 0 && lifetime <= longest,
    `a stamp must not outlive the ${longest} s that its nullifier keys overlap`,
  );
  return {
    form,
    issuer: issuer.did,
    subject: `did:pkh:eip155:1:${request.account}`,
    provider: request.provider,
    nullifiers,
    issuanceDate: date,
    expirationDate: formatInstant(now + lifetime),
    created: date,
    verificationMethod: `${issuer.did}#${issuer.keyVersion === 0 ? "controller" : `key-${issuer.keyVersion}`}`,
  };
}

/** Issues one stamp at `now` (seconds since the epoch). An error of ours refuses this stamp and no other. */
export async function issueStamp(
  request: StampRequest,
  issuer: StampIssuer,
  bans: BanGateway,
  now: number,
): Promise<IssuedStamp> {
  const { provider } = request;
  try {
    const nullifiers = issuer.nullifierKeys.nullifiers(provider, request.evidence, now);
    const ban = await bans.find(request.account.toLowerCase(), provider, nullifiers, now);
    if (ban !== undefined) return { status: "banned", provider, ban };
    const content = signedContent(request, issuer, nullifiers, now);
    const digest = credentialDigest(content);
    const credential = encodeCredential(content, await issuer.signer.sign(digest));
    return { status: "issued", provider, credential, digest: `0x${Buffer.from(digest).toString("hex")}` };
  } catch (error) {
    return { status: "failed", provider, error };
  }
}

/** Issues several, each by itself: one ban or one failure takes nothing from the others. */
export function issueStamps(
  requests: readonly StampRequest[],
  issuer: StampIssuer,
  bans: BanGateway,
  now: number,
): Promise<IssuedStamp[]> {
  return Promise.all(requests.map((request) => issueStamp(request, issuer, bans, now)));
}
