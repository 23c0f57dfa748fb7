import type { Claim, ClaimDomain } from "./typed-data.js";

export const CLAIM_FORMAT = "touchstone-claim-v1";

/**
 * Everything a wallet or sponsor needs to send one claim: the service's answer, and the file that the `claim` tasks
 * write and read. "bound" needs the proof alone, "signed" is sent by the account, "sponsored" by `submitter`.
 */
export interface ClaimDocument {
  readonly format: typeof CLAIM_FORMAT;
  readonly kind: "bound" | "signed" | "sponsored";
  readonly domain: ClaimDomain;
  /** Of a bound claim only userId, account and amount matter to the contract. */
  readonly claim: Claim;
  readonly merkleRoot: string;
  readonly proof: readonly string[];
  /** The claim signer's; absent in a bound claim. */
  readonly digest?: string;
  readonly signer?: string;
  readonly signature?: string;
  /** The account's own; present in a sponsored claim. */
  readonly accountSignature?: string;
}
