// The anchor's EIP-712 message and the rules hash in it: the one definition in TypeScript. `PassportRegistry` holds the
// one in Solidity, and test/vectors/passport-registry.json ties both together.
import { AbiCoder, keccak256, TypedDataEncoder } from "ethers";

/** What an anchor's signature is bound to, apart from its content. Equals the contract's `eip712Domain()` (ERC-5267). */
export interface AnchorDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: bigint;
  readonly verifyingContract: string;
}

/** A root of scores as the contract takes it. Times are seconds since the epoch. */
export interface Anchor {
  readonly scorerId: bigint;
  /** The current root's number plus one. */
  readonly number: number;
  readonly root: string;
  readonly issuedAt: bigint;
  /** From which score on the rules call somebody human, in units of 1e-4. */
  readonly threshold: number;
  /** 32 bytes, hex: the hash of everything else in the scorer version's rules. */
  readonly definition: string;
  readonly count: bigint;
  readonly uri: string;
  readonly deadline: bigint;
}

export const ANCHOR_TYPES = {
  Anchor: [
    { name: "scorerId", type: "uint256" },
    { name: "number", type: "uint32" },
    { name: "root", type: "bytes32" },
    { name: "issuedAt", type: "uint64" },
    { name: "rulesHash", type: "bytes32" },
    { name: "count", type: "uint64" },
    { name: "uri", type: "string" },
    { name: "deadline", type: "uint256" },
  ],
};

export function anchorDomain(chainId: bigint, verifyingContract: string): AnchorDomain {
  return { name: "PassportRegistry", version: "1", chainId, verifyingContract };
}

/** `keccak(abi.encode(uint32 threshold, bytes32 definition))`, hex: a scorer version's rules, opened to their threshold. */
export function hashRules(threshold: number, definition: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "bytes32"], [threshold, definition]));
}

/** The members of `ANCHOR_TYPES`, for a wallet's `signTypedData`. */
export function anchorMessage({ threshold, definition, ...anchor }: Anchor) {
  return { ...anchor, rulesHash: hashRules(threshold, definition) };
}

/** The 32-byte EIP-712 digest, hex, that the scorer's operator signs. */
export function anchorDigest(domain: AnchorDomain, anchor: Anchor): string {
  return TypedDataEncoder.hash({ ...domain }, ANCHOR_TYPES, anchorMessage(anchor));
}
