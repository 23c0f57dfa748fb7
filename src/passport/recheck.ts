// A stored stamp meets the rules of today: trust, bans and revocations change after a stamp was accepted. The signature does not.
import { describeBan } from "./bans.js";
import type { Refusal, VerificationContext, VerifiedStamp } from "./verify.js";

const refuse = (status: Refusal["status"], detail: string): Refusal => ({ status, detail });

export const verificationMethodOf = (did: string, keyVersion: number): string =>
  `${did}#${keyVersion === 0 ? "controller" : `key-${keyVersion}`}`;

/** Why a stamp that was valid once no longer is; null when it still is. Its expiry is scoring's affair. */
export function recheckStamp(stamp: VerifiedStamp, context: VerificationContext): Refusal | null {
  const { issuer: did, form, provider, nullifiers, keyVersion, issuedAt, account, digest } = stamp;
  const verificationMethod = verificationMethodOf(did, keyVersion);
  const trust = context.issuers.resolve({ did, form, provider, nullifiers, verificationMethod, issuedAt });
  if (typeof trust === "string") return refuse("untrusted_issuer", trust);
  const ban = context.bans.find(account, provider, nullifiers, context.now);
  if (ban !== undefined) return refuse("banned", describeBan(ban));
  const spent = context.revocations.findNullifier(did, nullifiers);
  if (spent !== undefined) return refuse("banned", `nullifier revoked: ${spent.reason}`);
  const revoked = context.revocations.findCredential(did, digest);
  if (revoked !== undefined) return refuse("banned", `credential revoked: ${revoked.reason}`);
  return null;
}
