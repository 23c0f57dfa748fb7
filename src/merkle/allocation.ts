/** The largest user id: ids are `uint32` in leaves, signatures and the claimed bitmap. */
export const MAX_USER_ID = 0xffff_ffff;

/** One row of a ratified list. `amount` is in wei; `account` is null when the user's address was unknown. */
export interface Allocation {
  readonly userId: number;
  readonly amount: bigint;
  /** EIP-55 form. */
  readonly account: string | null;
}

/** A built list, opened for serving: what a claim needs to know, by user. */
export interface AllocationBook {
  readonly root: string;
  /** SHA-256 of the ratified list's bytes, hex: the distributor's `listHash`. */
  readonly listHash: string;
  readonly count: number;
  readonly total: bigint;
  find(userId: number): Allocation | undefined;
  /** The Merkle proof, leaf to root, as 0x-prefixed words; throws `merkle/unknown-user` for a user who is not listed. */
  proof(userId: number): string[];
}
