// A stamp's way from a document that somebody sent to evidence that a scorer may count. Every stamp gets an answer with a
// reason its holder can read, and everything cheap is asked before the signature, which costs a hundred times the rest.
import type { StampStatus } from "../scoring/rules/stamp-status.js";
import { describeBan, type BanIndex } from "./bans.js";
import { credentialDigest } from "./credential/digest.js";
import type { StampForm } from "./credential/forms.js";
import { parseCredential, type ParsedCredential } from "./credential/parse.js";
import type { IssuerRegistry } from "./issuers.js";
import { linkKey } from "./nullifiers/realm.js";
import type { RevocationIndex } from "./revocations.js";
import { holds } from "./prover.js";

/** The answers of verification; the others are scoring's. */
export type VerificationRefusal = Exclude<StampStatus, "counted" | "duplicate" | "gated" | "capped">;

/** A stamp that holds: what is stored and logged of a credential. Nothing in it names a person. */
export interface VerifiedStamp {
  /** EIP-712 digest, 0x and 64 lower-case digits: the credential's identity. */
  readonly digest: string;
  readonly form: StampForm;
  readonly provider: string;
  /** Lower-case address. */
  readonly account: string;
  readonly issuer: string;
  readonly keyVersion: number;
  /** As in the credential. */
  readonly nullifiers: readonly string[];
  /** The nullifiers with their realm: what de-duplication links. */
  readonly linkKeys: readonly string[];
  /** Seconds since the epoch, cut down. Valid in `[issuedAt, expiresAt)`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface Refusal {
  readonly status: VerificationRefusal;
  /** What exactly, for the holder; part of no contract. */
  readonly detail: string;
}
export type Verification = { readonly status: "valid"; readonly stamp: VerifiedStamp } | Refusal;

export interface VerificationContext {
  /** Seconds since the epoch. */
  readonly now: number;
  readonly issuers: IssuerRegistry;
  readonly revocations: RevocationIndex;
  readonly bans: BanIndex;
  /** How far an issuer's clock may run ahead, in seconds; 300 unless told. */
  readonly skew?: number;
}

/** A stamp that only its signature can still refuse. Plain data: it may cross to another thread. */
export interface StampCandidate {
  readonly stamp: VerifiedStamp;
  readonly signature: string;
  /** Lower-case address of the key that must have signed. */
  readonly signer: string;
}

const DEFAULT_SKEW = 300;
const refuse = (status: VerificationRefusal, detail: string): Refusal => ({ status, detail });

function checkTimes({ issuedAt, expiresAt }: ParsedCredential, now: number, skew: number): Refusal | undefined {
  if (expiresAt <= now) return refuse("expired", `expired at ${expiresAt}`);
  if (issuedAt > now + skew) return refuse("malformed", "issuanceDate lies in the future");
  return undefined;
}

/** Everything but the signature. `account` is whose stamp it claims to be, an address in any case. */
export function examineStamp(input: unknown, account: string, context: VerificationContext): StampCandidate | Refusal {
  const parsed = parseCredential(input);
  if ("status" in parsed) return parsed;
  const untimely = checkTimes(parsed, context.now, context.skew ?? DEFAULT_SKEW);
  if (untimely !== undefined) return untimely;
  const { content, issuedAt, expiresAt } = parsed;
  const { issuer, provider, nullifiers, form } = content;
  const trust = context.issuers.resolve({
    did: issuer,
    form,
    provider,
    nullifiers,
    verificationMethod: content.verificationMethod,
    issuedAt,
  });
  if (typeof trust === "string") return refuse("untrusted_issuer", trust);
  if (parsed.account !== account.toLowerCase()) return refuse("wrong_subject", "issued to another account");
  const ban = context.bans.find(parsed.account, provider, nullifiers, context.now);
  if (ban !== undefined) return refuse("banned", describeBan(ban));
  const spent = context.revocations.findNullifier(issuer, nullifiers);
  if (spent !== undefined) return refuse("banned", `nullifier revoked: ${spent.reason}`);
  const digest = `0x${Buffer.from(credentialDigest(content)).toString("hex")}`;
  const revoked = context.revocations.findCredential(issuer, digest);
  if (revoked !== undefined) return refuse("banned", `credential revoked: ${revoked.reason}`);
  const linkKeys = nullifiers.map((nullifier) => linkKey(trust.realm, nullifier));
  return {
    stamp: {
      digest,
      form,
      provider,
      account: parsed.account,
      issuer,
      keyVersion: trust.key.version,
      nullifiers,
      linkKeys,
      issuedAt,
      expiresAt,
    },
    signature: parsed.proofValue,
    signer: trust.key.address,
  };
}

export const badProof = (): Refusal => refuse("bad_proof", "the issuer did not sign this content");

/** The costly half: whether the issuer's key signed exactly this. */
export function proveStamp({ stamp, signature, signer }: StampCandidate): Verification {
  return holds({ digest: stamp.digest, signature, signer }) ? { status: "valid", stamp } : badProof();
}

/** Examines and proves one credential. Never throws for what the credential holds. */
export function verifyStamp(input: unknown, account: string, context: VerificationContext): Verification {
  const candidate = examineStamp(input, account, context);
  return "status" in candidate ? candidate : proveStamp(candidate);
}
