// The claims of the original distribution, to be checked, never made. Domain "GTC" / "1.0.0" with chain id 1, and a struct
// that carries the leaf itself: Claim(uint32 user_id,address user_address,uint256 user_amount,address delegate_address,
// bytes32 leaf). The leaf is that of an unbound row, keccak(keccak(abi.encode(uint32, uint256))).
import { TypedDataEncoder } from "ethers";

import { leafOf } from "../merkle/leaf.js";

export const GTC_DOMAIN_NAME = "GTC";

const GTC_CLAIM_TYPES = {
  Claim: [
    { name: "user_id", type: "uint32" },
    { name: "user_address", type: "address" },
    { name: "user_amount", type: "uint256" },
    { name: "delegate_address", type: "address" },
    { name: "leaf", type: "bytes32" },
  ],
};

export interface GtcClaim {
  readonly userId: number;
  /** EIP-55. */
  readonly account: string;
  /** Wei. */
  readonly amount: bigint;
  readonly delegatee: string;
}

export interface GtcDomain {
  readonly name: string;
  readonly version: string;
  /** A literal 1 in the contract, whatever the chain. */
  readonly chainId: bigint;
  readonly verifyingContract: string;
}

export function gtcLeaf({ userId, amount }: GtcClaim): string {
  return leafOf({ userId, amount, account: null });
}

/** The digest that the original service signed, hex. */
export function gtcDigest(domain: GtcDomain, claim: GtcClaim): string {
  const { userId: user_id, account: user_address, amount: user_amount, delegatee: delegate_address } = claim;
  const value = { user_id, user_address, user_amount, delegate_address, leaf: gtcLeaf(claim) };
  return TypedDataEncoder.hash({ ...domain }, GTC_CLAIM_TYPES, value);
}
