import type { StewardChain } from "../protocol/chain.js";

/** Over so many blocks the time between two is taken. */
const SAMPLE = 1_000n;
/** What is allowed at least: epochs of a test network are short. */
const LEAST = 512;

/**
 * How many messages of an epoch are kept of one steward. An honest one signs the stake distribution and a snapshot at each step; twice as
 * many are allowed, because blocks may come faster than those that were seen. `epochLength` in seconds, `step` in blocks.
 */
export async function messageAllowance(
  chain: Pick<StewardChain, "clock" | "block">,
  epochLength: bigint,
  step: bigint,
): Promise<number> {
  const { head } = await chain.clock();
  const sampled = head.number < SAMPLE ? head.number : SAMPLE;
  const earlier = await chain.block(head.number - sampled);
  const elapsed = earlier === undefined ? 0n : head.timestamp - earlier.timestamp;
  // Without any history: one a second.
  const [blocks, seconds] = elapsed > 0n ? [sampled, elapsed] : [1n, 1n];
  const snapshots = (epochLength * blocks) / (seconds * step) + 1n;
  return Math.max(LEAST, Number(2n * (snapshots + 1n)));
}
