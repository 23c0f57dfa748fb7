import path from "node:path";

import { noProgress, type Progress } from "../shared/progress.js";
import { ListError } from "./errors.js";
import { writeEntries, writeTree } from "./files/binary.js";
import { refuseForeignFolder, writeFolder, writeText } from "./files/folder.js";
import { MANIFEST_FORMAT, manifestText, type Exclusion, type Manifest, type TreeFormat } from "./files/manifest.js";
import { buildGtcTree } from "./gtc-v1.js";
import { buildHeapTree, type PlacedTree } from "./heap-tree.js";
import { leafHashes } from "./leaf.js";
import { excludePaid } from "./list/exclude.js";
import type { ListOptions } from "./list/options.js";
import { readList, type ListFile } from "./list/read-list.js";
import { FILES, OpenAllocations } from "./open-allocations.js";
import { countBound, totalOf } from "./rows.js";
import { depthOf, rootOf, type MerkleTree } from "./tree.js";

export interface BuildRequest {
  readonly list: string;
  readonly out: string;
  readonly options: ListOptions;
  readonly format: TreeFormat;
  /** Files of ids that were paid before. */
  readonly exclude: readonly string[];
}

export interface BuildResult {
  readonly outcome: "written" | "unchanged";
  readonly manifest: Manifest;
}

/**
 * Builds a list's folder: manifest, tree, entries. Everything is checked and built before the first byte
 * is written, and the folder appears whole. Throws a {@link ListError} for a fault of the list.
 */
export async function buildAllocations(request: BuildRequest, progress: Progress = noProgress): Promise<BuildResult> {
  await refuseForeignFolder(request.out);
  const book = await readAndBuild(request, progress);
  const outcome = await writeFolder(request.out, async (temporary) => {
    await writeText(path.join(temporary, FILES.manifest), [manifestText(book.manifest)]);
    await writeTree(path.join(temporary, FILES.tree), book.tree);
    await writeEntries(path.join(temporary, FILES.entries), book.entries);
  });
  progress.finish();
  return { outcome, manifest: book.manifest };
}

/** Everything up to the root, without writing. */
export async function readAndBuild(
  request: Omit<BuildRequest, "out">,
  progress: Progress = noProgress,
): Promise<OpenAllocations> {
  const whole = await readList(request.list, request.options, progress);
  const { list, excluded } = await excludePaid(whole, request.exclude);
  if (list.rows.count === 0) throw new ListError("list/empty", "every row of the list was paid before");
  const { tree, positions } = buildTree(list, request.format, progress);
  const manifest = describe(list, excluded, tree, request);
  return new OpenAllocations(manifest, { rows: list.rows, positions }, tree);
}

/** The tree of a list's rows in one of the formats. */
export function buildTree(
  list: Pick<ListFile, "rows" | "fileOrder">,
  format: TreeFormat,
  progress: Progress,
): PlacedTree {
  const leaves = leafHashes(list.rows, progress);
  if (format === "standard-v1") return buildHeapTree(leaves, progress);
  if (list.rows.accounts !== null && countBound(list.rows) > 0) {
    throw new ListError("list/format-mismatch", "gtc-v1 has no addresses in its leaves: remove the address column");
  }
  const positions = placesInFile(list);
  const inFileOrder = new Uint8Array(leaves.length);
  positions.forEach((place, row) => inFileOrder.set(leaves.subarray(row * 32, (row + 1) * 32), place * 32));
  return { tree: buildGtcTree(inFileOrder), positions };
}

/** The rank of every row in the file's order. */
function placesInFile({ rows, fileOrder }: Pick<ListFile, "rows" | "fileOrder">): Uint32Array<ArrayBuffer> {
  const places = Uint32Array.from({ length: rows.count }, (_, row) => row);
  if (fileOrder === null) return places;
  const byPlace = places.slice().sort((a, b) => (fileOrder[a] as number) - (fileOrder[b] as number));
  byPlace.forEach((row, place) => (places[row] = place));
  return places;
}

function describe(
  list: ListFile,
  excluded: readonly Exclusion[],
  tree: MerkleTree,
  { options, format }: Omit<BuildRequest, "out">,
): Manifest {
  const bound = countBound(list.rows);
  return {
    format: MANIFEST_FORMAT,
    listFile: list.name,
    listHash: list.hash,
    count: list.rows.count,
    total: totalOf(list.rows).toString(),
    root: rootOf(tree),
    tree: format,
    leaves: { bound, unbound: list.rows.count - bound },
    depth: depthOf(list.rows.count),
    unit: options.unit,
    columns: options.columns,
    ids: options.ids,
    excluded,
  };
}
