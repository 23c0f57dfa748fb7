import { concat } from "./bytes.js";
import { StmError } from "./errors.js";

/** What proofs of an epoch are verified with: the root of its stake distribution, number of leaves and total stake. */
export interface AggregateKey {
  readonly root: Uint8Array;
  readonly leaves: number;
  readonly totalStake: bigint;
}

export const U64_MAX = (1n << 64n) - 1n;

/** Refuses a key of the wrong shape (`stm/bad-aggregate-key`). */
export function checkAggregateKey({ root, leaves, totalStake }: AggregateKey): void {
  const refuse = (problem: string): never => {
    throw new StmError("stm/bad-aggregate-key", `the aggregate key ${problem}`);
  };
  if (root.length !== 32) refuse(`has a root of ${root.length} bytes instead of 32`);
  if (!Number.isInteger(leaves) || leaves < 1 || leaves > 2 ** 32 - 1) refuse(`counts ${leaves} leaves`);
  if (totalStake < 1n || totalStake > U64_MAX) refuse(`has the total stake ${totalStake}, which is no positive u64`);
}

/** msgp, what signers really sign: the message with the root behind it. Leaves and total are vouched for by the chain. */
export const messageWithRoot = (message: Uint8Array, key: AggregateKey): Uint8Array => concat(message, key.root);
