// The leaf of a score tree: the one definition in TypeScript. `PassportRegistry` holds the one in Solidity, and
// test/vectors/passport-registry.json ties both together.
import { AbiCoder, keccak256 } from "ethers";

/** A person's score as it is anchored. */
export interface ScoreLeaf {
  readonly scorerId: bigint;
  readonly account: string;
  /** In units of 1e-4, a `uint32`; 0 for somebody who lost the score. */
  readonly score: number;
  /** Seconds since the epoch. */
  readonly expiresAt: bigint;
}

/** `keccak(keccak(abi.encode(uint256 scorerId, address account, uint32 score, uint64 expiresAt)))`, hex. A number that
 * does not fit its field is refused by the encoder, never cut. */
export function hashScoreLeaf({ scorerId, account, score, expiresAt }: ScoreLeaf): string {
  const types = ["uint256", "address", "uint32", "uint64"];
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(types, [scorerId, account, score, expiresAt])));
}
