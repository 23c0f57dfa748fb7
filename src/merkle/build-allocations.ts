import { mkdir } from "node:fs/promises";
import path from "node:path";

import { noProgress, type Progress } from "../shared/progress.js";
import { ListError, MerkleError } from "./errors.js";
import { writeEntries, writeTree } from "./files/binary.js";
import { derivedFiles } from "./files/derived.js";
import { refuseForeignFolder, writeFolder, writeText } from "./files/folder.js";
import { MANIFEST_FORMAT, manifestText, type Exclusion, type Manifest, type TreeFormat } from "./files/manifest.js";
import { buildTree } from "./format.js";
import type { ShardLayout } from "./formats/shards.js";
import { excludePaid } from "./list/exclude.js";
import { readImport } from "./list/read-import.js";
import { readList, type ListFile } from "./list/read-list.js";
import type { ListOptions } from "./list/options.js";
import { FILES, OpenAllocations } from "./open-allocations.js";
import { countBound, totalOf } from "./rows.js";
import { depthOf, rootOf, type MerkleTree } from "./tree.js";

export interface BuildRequest {
  /** A CSV list, or a .json file of another tool: a standard-v1 dump or a Uniswap claims file. */
  readonly list: string;
  readonly out: string;
  readonly options: ListOptions;
  readonly format: TreeFormat;
  /** Files of ids that were paid before. */
  readonly exclude: readonly string[];
  /** Also write a dump that OpenZeppelin's library loads. */
  readonly dump: boolean;
  readonly shards: ShardLayout | null;
}

export interface BuildResult {
  readonly outcome: "written" | "unchanged";
  readonly manifest: Manifest;
}

/**
 * Builds a list's folder: manifest, tree, entries and what was asked for beside them. The list is checked and the tree
 * built before the first byte is written, and the folder appears whole or not at all. Throws a {@link ListError} for a
 * fault of the list, `merkle/output-exists` for a folder that holds something else.
 */
export async function buildAllocations(request: BuildRequest, progress: Progress = noProgress): Promise<BuildResult> {
  await refuseForeignFolder(request.out);
  try {
    const book = await readAndBuild(request, progress);
    const outcome = await writeFolder(request.out, (temporary) => writeBook(temporary, book, progress));
    return { outcome, manifest: book.manifest };
  } finally {
    progress.finish();
  }
}

/** Everything up to the root, without writing. */
export async function readAndBuild(
  request: Omit<BuildRequest, "out">,
  progress: Progress = noProgress,
): Promise<OpenAllocations> {
  const { options, format } = request;
  const read = request.list.endsWith(".json") ? readImport : readList;
  const whole = await read(request.list, options, progress);
  const { list, excluded } = await excludePaid(whole, request.exclude);
  if (list.rows.count === 0) throw new ListError("list/empty", "every row of the list was paid before");
  const { tree, positions } = buildTree(list, format, progress);
  if (excluded.length === 0) refuseOtherRoot(whole, format, rootOf(tree));
  return new OpenAllocations(describe(list, excluded, tree, request), { rows: list.rows, positions }, tree);
}

/** A dump whose leaves were not sorted is valid, but its root is not the one that we would publish. */
function refuseOtherRoot({ imported }: ListFile, format: TreeFormat, root: string): void {
  if (imported === undefined || imported.format !== format || imported.root === root) return;
  const message = `the file's root is ${imported.root}, but its rows in ${format} order give ${root}`;
  throw new MerkleError("merkle/bad-file", message);
}

async function writeBook(folder: string, book: OpenAllocations, progress: Progress): Promise<void> {
  progress.update("writing", 0);
  await writeText(path.join(folder, FILES.manifest), [manifestText(book.manifest)]);
  await writeTree(path.join(folder, FILES.tree), book.tree);
  await writeEntries(path.join(folder, FILES.entries), book.entries);
  if (book.manifest.shards !== null) await mkdir(path.join(folder, "shards"));
  let written = 3;
  for (const file of derivedFiles(book)) {
    await writeText(path.join(folder, file.path), file.pieces);
    progress.update("writing files", ++written);
  }
}

function describe(
  list: ListFile,
  excluded: readonly Exclusion[],
  tree: MerkleTree,
  { options, format, dump, shards }: Omit<BuildRequest, "out">,
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
    dump,
    shards,
  };
}
