import { ZeroAddress } from "ethers";

import type { AllocationBook } from "../merkle/allocation.js";
import { CLAIM_FORMAT, type ClaimDocument } from "./claim-document.js";
import { ClaimError } from "./errors.js";
import type { ClaimSigner } from "./signer.js";
import { claimDigest, type Claim, type ClaimDomain } from "./typed-data.js";

export interface OfflineClaimRequest {
  readonly userId: number;
  /** EIP-55. */
  readonly account: string;
  readonly delegatee?: string | undefined;
  readonly sponsorship?: { readonly submitter: string; readonly accountSignature: string } | undefined;
  /** Last second at which the claim counts. */
  readonly deadline: bigint;
}

/**
 * Makes one claim without the service: an operator's tool, for a user who was helped by other means. Neither chain nor
 * ledger is asked, so a service that follows the chain reports such a claim as one that it did not sign.
 */
export async function signClaim(
  request: OfflineClaimRequest,
  domain: ClaimDomain,
  book: AllocationBook,
  signer: () => Promise<ClaimSigner>,
): Promise<ClaimDocument> {
  const { userId, account, delegatee = ZeroAddress, sponsorship, deadline } = request;
  const allocation = book.find(userId);
  if (allocation === undefined) {
    throw new ClaimError("claims/user-not-listed", `User ${userId} is not on the list`, { userId });
  }
  const submitter = sponsorship?.submitter ?? account;
  const claim: Claim = { userId, account, amount: allocation.amount, delegatee, submitter, deadline };
  const document = { format: CLAIM_FORMAT, domain, claim, merkleRoot: book.root, proof: book.proof(userId) } as const;
  if (allocation.account !== null) {
    if (allocation.account === account) return { ...document, kind: "bound" };
    const message = "The list binds this user to another account";
    throw new ClaimError("claims/bound-to-another-account", message, { userId });
  }
  const key = await signer();
  const signature = await key.sign(claim);
  const signed = { ...document, digest: claimDigest(domain, claim), signer: key.account, signature };
  if (sponsorship === undefined) return { ...signed, kind: "signed" };
  return { ...signed, kind: "sponsored", accountSignature: sponsorship.accountSignature };
}
