// The claim's EIP-712 message: the one definition in TypeScript. `TokenDistributor` holds the one in Solidity, and
// test/vectors/claims.json ties both together.
import { AbiCoder, keccak256, toUtf8Bytes, TypedDataEncoder, type TypedDataDomain } from "ethers";

/** What a claim signature is bound to, apart from its content. Equals the contract's `eip712Domain()` (ERC-5267). */
export interface ClaimDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: bigint;
  readonly verifyingContract: string;
}

/** The signed claim. Amounts are wei, `deadline` seconds since the epoch, addresses in EIP-55 form. */
export interface Claim {
  readonly userId: number;
  readonly account: string;
  readonly amount: bigint;
  /** The account's new delegate; the zero address keeps the current one. */
  readonly delegatee: string;
  /** Who may send it: the account itself, or a sponsor. */
  readonly submitter: string;
  readonly deadline: bigint;
}

export const CLAIM_DOMAIN_NAME = "TokenDistributor";
export const CLAIM_DOMAIN_VERSION = "1";

export const CLAIM_TYPES = {
  Claim: [
    { name: "userId", type: "uint32" },
    { name: "account", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "delegatee", type: "address" },
    { name: "submitter", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

export const CLAIM_TYPE_STRING =
  "Claim(uint32 userId,address account,uint256 amount,address delegatee,address submitter,uint256 deadline)";

export function claimDomain(chainId: bigint, verifyingContract: string): ClaimDomain {
  return { name: CLAIM_DOMAIN_NAME, version: CLAIM_DOMAIN_VERSION, chainId, verifyingContract };
}

/** The 32-byte EIP-712 digest, hex, that the claim signer (and for a sponsored claim the account) signs. */
export function claimDigest(domain: ClaimDomain, claim: Claim): string {
  return TypedDataEncoder.hash(domain as TypedDataDomain, CLAIM_TYPES, claim);
}

export const CLAIM_TYPE_HASH = keccak256(toUtf8Bytes(CLAIM_TYPE_STRING));

/** `hashStruct(claim)`, hex: the digest without its domain. */
export function claimStructHash(claim: Claim): string {
  const types = ["bytes32", "uint32", "address", "uint256", "address", "address", "uint256"];
  const { userId, account, amount, delegatee, submitter, deadline } = claim;
  const values = [CLAIM_TYPE_HASH, userId, account, amount, delegatee, submitter, deadline];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}
