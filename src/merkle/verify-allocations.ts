// Rebuilds everything that a list's folder claims, from its entries and, if it is at hand, from the list itself.
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { DomainError } from "../shared/errors.js";
import { noProgress, type Progress } from "../shared/progress.js";
import { readAndBuild } from "./build-allocations.js";
import { readEntries, readTree } from "./files/binary.js";
import { derivedFiles, type DerivedFile } from "./files/derived.js";
import { manifestText, readManifest, type Manifest } from "./files/manifest.js";
import { leavesOf, rebuildTree } from "./format.js";
import { FILES, OpenAllocations } from "./open-allocations.js";
import { AMOUNT_BYTES, countBound, totalOf, type Rows } from "./rows.js";
import { depthOf, rootOf } from "./tree.js";

/** One disagreement: which file, and what is wrong with it. */
export interface Difference {
  readonly file: string;
  readonly problem: string;
}

export interface Verification {
  readonly manifest: Manifest;
  /** Empty if all is well. */
  readonly differences: readonly Difference[];
}

export interface VerifyRequest {
  readonly folder: string;
  /** The list that the folder was built from, and the files of paid ids; null if they are not at hand. */
  readonly list: string | null;
  readonly exclude: readonly string[];
}

/**
 * Verifies a built folder: totals, counts, every leaf, every node, every derived file (and so every proof), and against
 * the list its hash and all entries. Throws only if the manifest, the tree or the entries cannot be read at all.
 */
export async function verifyAllocations(
  request: VerifyRequest,
  progress: Progress = noProgress,
): Promise<Verification> {
  const { folder } = request;
  const manifest = await readManifest(path.join(folder, FILES.manifest));
  const tree = await readTree(path.join(folder, FILES.tree));
  const entries = await readEntries(path.join(folder, FILES.entries));
  const book = new OpenAllocations(manifest, entries, tree);
  try {
    const differences = [...(await checkText(folder, manifest)), ...checkCounts(book), ...checkTree(book, progress)];
    // Proofs derived from a wrong tree would only repeat what was found already.
    if (differences.length === 0) differences.push(...(await checkDerived(folder, book, progress)));
    if (request.list !== null) differences.push(...(await checkList(request, request.list, book, progress)));
    return { manifest, differences };
  } finally {
    progress.finish();
  }
}

/** Whoever compares manifests compares bytes: there is one way to write one. */
async function checkText(folder: string, manifest: Manifest): Promise<Difference[]> {
  const text = await readFile(path.join(folder, FILES.manifest), "utf8");
  return text === manifestText(manifest) ? [] : [{ file: FILES.manifest, problem: "it was not written by the build" }];
}

function checkCounts(book: OpenAllocations): Difference[] {
  const { manifest, tree, entries } = book;
  const { rows } = entries;
  const bound = countBound(rows);
  const found = [
    [rows.count === manifest.count, `count is ${manifest.count}, the entries are ${rows.count}`],
    [tree.count === manifest.count, `count is ${manifest.count}, the tree has ${tree.count} leaves`],
    [totalOf(rows) === book.total, `total is ${manifest.total}, the entries sum up to ${totalOf(rows)}`],
    [bound === manifest.leaves.bound, `${manifest.leaves.bound} bound leaves, the entries have ${bound}`],
    [depthOf(rows.count) === manifest.depth, `depth is ${manifest.depth}, the tree's is ${depthOf(rows.count)}`],
    [rootOf(tree) === manifest.root, `root is ${manifest.root}, the tree's is ${rootOf(tree)}`],
  ] as const;
  const differences: Difference[] = found.flatMap(([right, problem]) =>
    right ? [] : [{ file: FILES.manifest, problem }],
  );
  const unordered = rows.ids.findIndex((id, row) => row > 0 && id <= (rows.ids[row - 1] as number));
  if (unordered !== -1) {
    differences.push({ file: FILES.entries, problem: `id ${rows.ids[unordered]} is not above the one before it` });
  }
  const unpaid = findZeroAmount(rows);
  if (unpaid !== -1)
    differences.push({ file: FILES.entries, problem: `the amount of user ${rows.ids[unpaid]} is zero` });
  return differences;
}

function findZeroAmount({ count, amounts }: Rows): number {
  for (let row = 0; row < count; row++) {
    let any = 0;
    for (let byte = 0; byte < AMOUNT_BYTES; byte++) any |= amounts[row * AMOUNT_BYTES + byte] as number;
    if (any === 0) return row;
  }
  return -1;
}

function checkTree({ manifest, tree, entries }: OpenAllocations, progress: Progress): Difference[] {
  const { rows, positions } = entries;
  if (tree.count !== rows.count) return []; // said already
  const leaves = leavesOf(rows, manifest.tree, progress);
  const taken = new Uint8Array(tree.nodes.length / 32);
  const strays: number[] = [];
  for (let row = 0; row < rows.count; row++) {
    const position = positions[row] as number;
    const place = position * 32;
    const own = position < taken.length && taken[position] === 0 && sameWord(leaves, row * 32, tree.nodes, place);
    if (own) taken[position] = 1;
    else strays.push(rows.ids[row] as number);
  }
  if (strays.length > 0) {
    const users = `${strays.slice(0, 5).join(", ")}${strays.length > 5 ? " and others" : ""}`;
    return [{ file: FILES.entries, problem: `${strays.length} rows are not the leaves they point at: users ${users}` }];
  }
  const rebuilt = rebuildTree(leaves, positions, manifest.tree, progress);
  if (tree.shape === rebuilt.shape && Buffer.compare(tree.nodes, rebuilt.nodes) === 0) return [];
  return [{ file: FILES.tree, problem: `a node differs; the entries give the root ${rootOf(rebuilt)}` }];
}

function sameWord(a: Uint8Array, at: number, b: Uint8Array, place: number): boolean {
  for (let byte = 0; byte < 32; byte++) if (a[at + byte] !== b[place + byte]) return false;
  return true;
}

async function checkDerived(folder: string, book: OpenAllocations, progress: Progress): Promise<Difference[]> {
  const differences: Difference[] = [];
  const expected = new Set<string>(Object.values(FILES));
  for (const file of derivedFiles(book)) {
    expected.add(file.path);
    const problem = await compareText(folder, file);
    if (problem !== undefined) differences.push({ file: file.path, problem });
    progress.update("comparing files", expected.size);
  }
  const present = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of present) {
    const file = path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/");
    if (!entry.isDirectory() && !expected.has(file)) differences.push({ file, problem: "no part of this list" });
  }
  return differences;
}

/** Compares a file with what it must hold, without ever holding either whole. */
async function compareText(folder: string, { path: name, pieces }: DerivedFile): Promise<string | undefined> {
  const stream = createReadStream(path.join(folder, name), { highWaterMark: 2 ** 20 });
  try {
    const chunks = stream[Symbol.asyncIterator]();
    let rest = Buffer.alloc(0);
    for (const piece of pieces) {
      const wanted = Buffer.from(piece);
      while (rest.length < wanted.length) {
        const next = await chunks.next();
        if (next.done === true) return "ends too early";
        rest = Buffer.concat([rest, next.value as Buffer]);
      }
      if (!rest.subarray(0, wanted.length).equals(wanted)) return "differs from what the tree and the entries give";
      rest = rest.subarray(wanted.length);
    }
    return rest.length > 0 || (await chunks.next()).done !== true ? "goes on after its end" : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "missing" : (error as Error).message;
  } finally {
    stream.destroy();
  }
}

async function checkList(
  { exclude }: VerifyRequest,
  list: string,
  book: OpenAllocations,
  progress: Progress,
): Promise<Difference[]> {
  const { manifest } = book;
  const { unit, columns, ids, tree: format, dump, shards } = manifest;
  const options = { unit, columns, ids, addressRequired: false, funding: null };
  let own: OpenAllocations;
  try {
    own = await readAndBuild({ list, options, format, exclude, dump, shards }, progress);
  } catch (error) {
    if (error instanceof DomainError) return [{ file: path.basename(list), problem: error.message }];
    throw error;
  }
  const differences: Difference[] = [];
  for (const key of ["listHash", "count", "total", "root"] as const) {
    if (own.manifest[key] === manifest[key]) continue;
    differences.push({
      file: FILES.manifest,
      problem: `${key} is ${manifest[key]}, the list's is ${own.manifest[key]}`,
    });
  }
  const sources = (one: Manifest) =>
    JSON.stringify(one.excluded.map(({ hash, ids: count, rows }) => [hash, count, rows]));
  if (sources(own.manifest) !== sources(manifest)) {
    differences.push({ file: FILES.manifest, problem: "other ids were excluded than the given files name" });
  }
  const named = { ...own.manifest, listFile: manifest.listFile, excluded: manifest.excluded };
  if (differences.length === 0 && manifestText(named) !== manifestText(manifest)) {
    differences.push({ file: FILES.manifest, problem: "it differs from the list's own" });
  }
  return differences;
}
