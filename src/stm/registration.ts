import { type AggregateKey, U64_MAX } from "./aggregate-key.js";
import { blake2b256 } from "./blake2b.js";
import { compareBytes, concat, toHex, u64be } from "./bytes.js";
import { StmError } from "./errors.js";
import type { VerificationKey } from "./keys.js";
import { MerkleTree } from "./tree.js";

export interface Party {
  readonly verificationKey: VerificationKey;
  readonly stake: bigint;
}

/** A closed registration: the parties of an epoch in their order, a signer's number being its position. */
export interface Registration {
  readonly parties: readonly Party[];
  readonly totalStake: bigint;
  readonly tree: MerkleTree;
  readonly aggregateKey: AggregateKey;
}

/** Refuses a stake that is no positive unsigned 64-bit integer (`stm/bad-stake`); the native scheme admits zero. */
export function checkStake(stake: bigint): void {
  if (stake < 1n || stake > U64_MAX) {
    throw new StmError("stm/bad-stake", `the stake ${stake} is not between 1 and 2^64 - 1`);
  }
}

/** The leaf of a party: H256(vk ‖ stake as u64, big-endian). */
export const leafHash = ({ verificationKey, stake }: Party): Uint8Array =>
  blake2b256(concat(verificationKey.bytes, u64be(stake)));

/** The order of parties: stake ascending, then the key's bytes. */
const compareParties = (a: Party, b: Party): number =>
  a.stake < b.stake ? -1 : a.stake > b.stake ? 1 : compareBytes(a.verificationKey.bytes, b.verificationKey.bytes);

/**
 * Orders the parties and builds their aggregate key. Whoever admits keys has checked their proofs of possession before.
 * Throws `stm/empty-registration`, `stm/bad-stake`, `stm/duplicate-key` or `stm/stake-overflow`.
 */
export function closeRegistration(parties: readonly Party[]): Registration {
  if (parties.length === 0) throw new StmError("stm/empty-registration", "nobody is registered");
  const seen = new Set<string>();
  let totalStake = 0n;
  for (const { verificationKey, stake } of parties) {
    checkStake(stake);
    const key = toHex(verificationKey.bytes);
    if (seen.has(key)) throw new StmError("stm/duplicate-key", `the key ${key.slice(0, 16)}… is registered twice`);
    seen.add(key);
    totalStake += stake;
  }
  if (totalStake > U64_MAX) {
    throw new StmError("stm/stake-overflow", `the stakes sum to ${totalStake}, more than 2^64 - 1`);
  }
  const ordered = [...parties].sort(compareParties);
  const tree = new MerkleTree(ordered.map(leafHash));
  return { parties: ordered, totalStake, tree, aggregateKey: { root: tree.root, leaves: ordered.length, totalStake } };
}
