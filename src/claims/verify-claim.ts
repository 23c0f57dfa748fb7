import { leafOf } from "../merkle/leaf.js";
import { rootFromProof } from "../merkle/proof.js";
import type { ClaimDocument } from "./claim-document.js";
import { GTC_CLAIM_FORMAT, parseClaimFile, type GtcClaimFile } from "./claim-file.js";
import { ClaimError } from "./errors.js";
import { gtcDigest, gtcLeaf } from "./gtc.js";
import { recoverSigner } from "./signature.js";
import { claimDigest } from "./typed-data.js";

/** What a verified claim consists of. `signer` is spelled as in the file; a bound claim has neither digest nor signer. */
export interface VerifiedClaim {
  readonly format: string;
  readonly kind: string;
  readonly userId: number;
  readonly account: string;
  /** Wei. */
  readonly amount: bigint;
  readonly delegatee: string;
  readonly leaf: string;
  readonly digest: string | null;
  readonly signer: string | null;
  /** Null where the file has no proof. */
  readonly merkleRoot: string | null;
  /** Whether the account's own signature could be checked here: a contract's can only be checked on its chain. */
  readonly accountSignature: "valid" | "needs-chain" | "none";
}

/**
 * Recomputes everything that a claim file says: leaf, digest, signer, root. Throws `claims/signature-mismatch` with the
 * name of the first thing that differs. No network is asked.
 */
export function verifyClaimFile(text: string): VerifiedClaim {
  const file = parseClaimFile(text);
  return file.format === GTC_CLAIM_FORMAT ? verifyGtc(file) : verifyDocument(file);
}

function verifyGtc(file: GtcClaimFile): VerifiedClaim {
  const { claim, domain, signer } = file;
  const leaf = gtcLeaf(claim);
  const digest = gtcDigest(domain, claim);
  expectSame("leaf", file.leaf, leaf);
  expectSame("digest", file.digest, digest);
  expectSame("signer", signer, recover(digest, file.signature));
  const none = { merkleRoot: null, accountSignature: "none" } as const;
  return { format: file.format, kind: "signed", ...claim, leaf, digest, signer, ...none };
}

function verifyDocument(document: ClaimDocument): VerifiedClaim {
  const { format, kind, claim, domain, merkleRoot, proof } = document;
  const { userId, account, amount, delegatee } = claim;
  const leaf = leafOf({ userId, amount, account: kind === "bound" ? account : null });
  expectSame("root", merkleRoot, rootFromProof(leaf, proof));
  const known = { format, kind, userId, account, amount, delegatee, leaf, merkleRoot };
  if (kind === "bound") return { ...known, digest: null, signer: null, accountSignature: "none" };

  const digest = claimDigest(domain, claim);
  expectSame("digest", document.digest ?? "", digest);
  const signer = document.signer ?? "";
  expectSame("signer", signer, recover(digest, document.signature ?? "0x"));
  if (kind === "signed") {
    expectSame("submitter", claim.submitter, account);
    return { ...known, digest, signer, accountSignature: "none" };
  }
  const isKeySignature = recover(digest, document.accountSignature ?? "0x") === account;
  return { ...known, digest, signer, accountSignature: isKeySignature ? "valid" : "needs-chain" };
}

function recover(digest: string, signature: string): string {
  const bytes = (hex: string) => Buffer.from(hex.slice(2), "hex");
  return recoverSigner(bytes(digest), bytes(signature)) ?? "nobody";
}

function expectSame(what: string, stated: string, computed: string): void {
  if (stated.toLowerCase() === computed.toLowerCase()) return;
  const message = `The ${what} does not fit: the file says ${stated}, its contents give ${computed}`;
  throw new ClaimError("claims/signature-mismatch", message, { what, stated, computed });
}
