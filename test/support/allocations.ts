import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { id, parseEther } from "ethers";

import type { Allocation, AllocationBook } from "../../src/merkle/allocation.js";
import { MerkleError } from "../../src/merkle/errors.js";
import { leafOf } from "../../src/merkle/leaf.js";

/** A list in memory, over OpenZeppelin's tree. */
export function bookOf(allocations: readonly Allocation[]): AllocationBook {
  const byUser = new Map(allocations.map((allocation) => [allocation.userId, allocation]));
  const tree = SimpleMerkleTree.of(allocations.map(leafOf));
  return {
    root: tree.root,
    listHash: id(JSON.stringify(allocations.map(({ userId, amount }) => [userId, amount.toString()]))),
    count: allocations.length,
    total: allocations.reduce((sum, { amount }) => sum + amount, 0n),
    find: (userId) => byUser.get(userId),
    proof(userId) {
      const allocation = byUser.get(userId);
      if (allocation === undefined) throw new MerkleError("merkle/unknown-user", `user ${userId}`, { userId });
      return tree.getProof(leafOf(allocation));
    },
  };
}

/** Users 1 to `count` without addresses, user n with n tokens, and further rows. */
export function bookOfUsers(count: number, ...others: Allocation[]): AllocationBook {
  const users = Array.from({ length: count }, (_, index) => ({
    userId: index + 1,
    amount: parseEther(String(index + 1)),
    account: null,
  }));
  return bookOf([...users, ...others]);
}
