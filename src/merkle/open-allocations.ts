import path from "node:path";

import { addressText } from "./address.js";
import { MAX_USER_ID, type Allocation, type AllocationBook } from "./allocation.js";
import { MerkleError } from "./errors.js";
import { readEntries, readTree, type Entries } from "./files/binary.js";
import { readManifest, type Manifest } from "./files/manifest.js";
import { amountOf } from "./rows.js";
import { proofOf, rootOf, type MerkleTree } from "./tree.js";

/** The files of a built list. */
export const FILES = { manifest: "manifest.json", tree: "tree.bin", entries: "entries.bin" } as const;

/** An {@link AllocationBook} that lies in memory as flat buffers, about 100 bytes a row. */
export class OpenAllocations implements AllocationBook {
  readonly manifest: Manifest;
  readonly entries: Entries;
  readonly tree: MerkleTree;
  readonly total: bigint;

  constructor(manifest: Manifest, entries: Entries, tree: MerkleTree) {
    this.manifest = manifest;
    this.entries = entries;
    this.tree = tree;
    this.total = BigInt(manifest.total);
  }

  get root(): string {
    return this.manifest.root;
  }

  get listHash(): string {
    return this.manifest.listHash;
  }

  get count(): number {
    return this.manifest.count;
  }

  find(userId: number): Allocation | undefined {
    const row = this.#rowOf(userId);
    return row === undefined ? undefined : this.allocationAt(row);
  }

  proof(userId: number): string[] {
    const row = this.#rowOf(userId);
    if (row === undefined)
      throw new MerkleError("merkle/unknown-user", `user ${userId} is not in the list`, { userId });
    return this.proofAt(row);
  }

  /** The rows are in ascending order of ids. */
  allocationAt(row: number): Allocation {
    const { rows } = this.entries;
    return { userId: rows.ids[row] as number, amount: amountOf(rows, row), account: addressText(rows, row) };
  }

  proofAt(row: number): string[] {
    return proofOf(this.tree, this.entries.positions[row] as number);
  }

  #rowOf(userId: number): number | undefined {
    if (!Number.isInteger(userId) || userId < 0 || userId > MAX_USER_ID) return undefined;
    const { ids } = this.entries.rows;
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ids[middle] as number) < userId) low = middle + 1;
      else high = middle;
    }
    return ids[low] === userId ? low : undefined;
  }
}

/**
 * Opens a folder that `distribution build` wrote. Checks that its files belong together (sizes, counts, root); whether
 * they are right in every hash is `verifyAllocations`' business. Throws `merkle/bad-file`, and `merkle/not-servable`
 * for a format that our distributor's leaves are not in.
 */
export async function openAllocations(folder: string): Promise<OpenAllocations> {
  const manifest = await readManifest(path.join(folder, FILES.manifest));
  if (manifest.tree === "uniswap") {
    throw new MerkleError("merkle/not-servable", "a Uniswap claims file has leaves of another contract");
  }
  const tree = await readTree(path.join(folder, FILES.tree));
  const entries = await readEntries(path.join(folder, FILES.entries));
  const nodes = tree.nodes.length / 32;
  const faults = [
    [tree.shape !== (manifest.tree === "gtc-v1" ? "layers" : "heap"), "tree.bin has another shape than manifest.json"],
    [tree.count !== manifest.count, "tree.bin has another count than manifest.json"],
    [entries.rows.count !== manifest.count, "entries.bin has another count than manifest.json"],
    [rootOf(tree) !== manifest.root, "tree.bin has another root than manifest.json"],
    [entries.positions.some((position) => position >= nodes), "entries.bin points outside of the tree"],
  ] as const;
  for (const [found, message] of faults) if (found) throw new MerkleError("merkle/bad-file", message, { folder });
  return new OpenAllocations(manifest, entries, tree);
}
