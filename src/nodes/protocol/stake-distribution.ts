import { buildHeapTree } from "../../merkle/heap-tree.js";
import { proofOf, rootOf } from "../../merkle/tree.js";
import { keccak } from "../../shared/keccak.js";

/** A steward that signs in an epoch. */
export interface StewardStake {
  /** 20 bytes, 0x-prefixed lower-case hex. */
  readonly steward: string;
  /** 96 compressed bytes. */
  readonly verificationKey: Uint8Array;
  readonly stake: bigint;
}

export interface StakeDistribution {
  /** 32 bytes, 0x-prefixed lower-case hex. */
  readonly root: string;
  /** The proof of a steward's leaf, leaf to root; undefined for one that does not sign. */
  proofOf(steward: string): string[] | undefined;
}

/** The root of a distribution without stewards: `keccak256("")`. */
const NOBODY = `0x${Buffer.from(keccak(new Uint8Array())).toString("hex")}`;

/**
 * `keccak(keccak(abi.encode(uint64 epoch, address steward, uint64 stake, bytes32 keccak256(key))))`: the epoch is the one in
 * which the steward signs.
 */
function stewardLeaf(epoch: bigint, { steward, stake, verificationKey }: StewardStake): Uint8Array {
  const encoded = Buffer.alloc(4 * 32);
  encoded.writeBigUInt64BE(epoch, 24);
  encoded.write(steward.slice(2), 32 + 12, "hex");
  encoded.writeBigUInt64BE(stake, 64 + 24);
  encoded.set(keccak(verificationKey), 96);
  return keccak(keccak(encoded));
}

/** The tree over the stewards that sign in `epoch`, in any order. Pairs are hashed sorted, as in OpenZeppelin's trees. */
export function stakeDistribution(epoch: bigint, stewards: readonly StewardStake[]): StakeDistribution {
  if (stewards.length === 0) return { root: NOBODY, proofOf: () => undefined };
  const leaves = new Uint8Array(stewards.length * 32);
  stewards.forEach((steward, place) => leaves.set(stewardLeaf(epoch, steward), place * 32));
  const { tree, positions } = buildHeapTree(leaves);
  const places = new Map(stewards.map(({ steward }, place) => [steward, place]));
  return {
    root: rootOf(tree),
    proofOf(steward) {
      const place = places.get(steward);
      return place === undefined ? undefined : proofOf(tree, positions[place] as number);
    },
  };
}
