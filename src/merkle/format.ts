import type { Progress } from "../shared/progress.js";
import { addressText } from "./address.js";
import { ListError } from "./errors.js";
import type { TreeFormat } from "./files/manifest.js";
import { claimLeaves } from "./formats/uniswap.js";
import { buildGtcTree } from "./gtc-v1.js";
import { buildHeapTree, type PlacedTree } from "./heap-tree.js";
import { buildLayerTree } from "./layer-tree.js";
import { leafHashes } from "./leaf.js";
import type { ListFile } from "./list/read-list.js";
import { countBound, type Rows } from "./rows.js";
import { sortWords } from "./sort-words.js";
import type { MerkleTree } from "./tree.js";

type ListRows = Pick<ListFile, "rows" | "fileOrder">;

/** The leaves of a list's rows in one of the formats, in the rows' order. Throws `list/format-mismatch`. */
export function leavesOf(rows: Rows, format: TreeFormat, progress: Progress): Uint8Array<ArrayBuffer> {
  const bound = countBound(rows);
  if (format === "gtc-v1" && bound > 0) {
    throw new ListError("list/format-mismatch", "gtc-v1 has no addresses in its leaves: remove the address column");
  }
  if (format === "uniswap") {
    if (bound < rows.count) {
      throw new ListError("list/format-mismatch", "a Uniswap claims file needs an address in every row");
    }
    refuseSecondRows(rows);
    return claimLeaves(rows);
  }
  return leafHashes(rows, progress);
}

/** The tree of a list's rows in one of the formats. */
export function buildTree(list: ListRows, format: TreeFormat, progress: Progress): PlacedTree {
  const leaves = leavesOf(list.rows, format, progress);
  if (format === "standard-v1") return buildHeapTree(leaves, progress);
  const positions = format === "gtc-v1" ? placesInFile(list) : ranks(sortWords(leaves));
  const placed = placeLeaves(leaves, positions);
  return { tree: format === "gtc-v1" ? buildGtcTree(placed) : buildLayerTree(placed), positions };
}

/** The tree that must come out of leaves that stand at these positions; by our own code for every format. */
export function rebuildTree(
  leaves: Uint8Array,
  positions: Uint32Array,
  format: TreeFormat,
  progress: Progress,
): MerkleTree {
  if (format === "standard-v1") return buildHeapTree(leaves, progress).tree;
  return buildLayerTree(placeLeaves(leaves, format === "gtc-v1" ? positions : ranks(sortWords(leaves))));
}

function placeLeaves(leaves: Uint8Array, positions: Uint32Array): Uint8Array {
  const placed = new Uint8Array(leaves.length);
  positions.forEach((place, row) => placed.set(leaves.subarray(row * 32, (row + 1) * 32), place * 32));
  return placed;
}

/** The inverse of an order: where each element ends up. */
function ranks(order: Uint32Array): Uint32Array<ArrayBuffer> {
  const places = new Uint32Array(order.length);
  order.forEach((element, place) => (places[element] = place));
  return places;
}

/** Rows may be missing from the file's numbering, when some were excluded: only their order counts. */
function placesInFile({ rows, fileOrder }: ListRows): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: rows.count }, (_, row) => row);
  if (fileOrder !== null) order.sort((a, b) => (fileOrder[a] as number) - (fileOrder[b] as number));
  return ranks(order);
}

function refuseSecondRows(rows: Rows): void {
  const owners = new Map<string, number>();
  for (let row = 0; row < rows.count; row++) {
    const account = addressText(rows, row) as string;
    const first = owners.get(account);
    if (first !== undefined) {
      const message = `a Uniswap claims file has one row per address; ${account} has user ids ${first} and ${rows.ids[row]}`;
      throw new ListError("list/format-mismatch", message, { account });
    }
    owners.set(account, rows.ids[row] as number);
  }
}
