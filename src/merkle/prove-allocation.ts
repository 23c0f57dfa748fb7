import { parseDecimal } from "../shared/decimal.js";
import type { Allocation } from "./allocation.js";
import { MerkleError } from "./errors.js";
import { leafOf } from "./leaf.js";
import { openAllocations } from "./open-allocations.js";

export interface ProvenAllocation extends Allocation {
  readonly leaf: string;
  readonly root: string;
  readonly proof: readonly string[];
}

/** A user's allocation with all that a claim contract needs; throws `merkle/unknown-user`. */
export async function proveAllocation(folder: string, userId: string): Promise<ProvenAllocation> {
  const book = await openAllocations(folder);
  const id = Number(parseDecimal(userId) ?? NaN);
  const allocation = book.find(id);
  if (allocation === undefined) {
    throw new MerkleError("merkle/unknown-user", `user ${userId} is not in the list`, { userId });
  }
  return { ...allocation, leaf: leafOf(allocation), root: book.root, proof: book.proof(id) };
}
