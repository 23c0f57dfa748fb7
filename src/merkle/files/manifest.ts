import { readFile } from "node:fs/promises";

import { parseDecimal } from "../../shared/decimal.js";
import { MerkleError } from "../errors.js";
import type { ShardLayout } from "../formats/shards.js";
import type { ListOptions } from "../list/options.js";

export const MANIFEST_FORMAT = "touchstone-allocation-v1";

export type TreeFormat = "standard-v1" | "gtc-v1" | "uniswap";
export const TREE_FORMATS: readonly TreeFormat[] = ["standard-v1", "gtc-v1", "uniswap"];

/** A list of ids that were left out, because they were paid before. */
export interface Exclusion {
  readonly file: string;
  /** SHA-256 of the file, 0x-prefixed. */
  readonly hash: string;
  /** How many ids it names, and how many rows of the list it removed. */
  readonly ids: number;
  readonly rows: number;
}

/** What every party compares to know that they hold the ratified list. No time and no machine in it: it is reproducible. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  /** The name of the list's file, and the SHA-256 of its bytes: the distributor's `listHash`. */
  readonly listFile: string;
  readonly listHash: string;
  readonly count: number;
  /** In wei, decimal. */
  readonly total: string;
  readonly root: string;
  readonly tree: TreeFormat;
  /** How many rows had an address (bound leaves) and how many had none. */
  readonly leaves: { readonly bound: number; readonly unbound: number };
  /** The longest proof. */
  readonly depth: number;
  /** How the list was read, so that others read it alike. */
  readonly unit: ListOptions["unit"];
  readonly columns: ListOptions["columns"];
  readonly ids: ListOptions["ids"];
  readonly excluded: readonly Exclusion[];
  /** What stands beside tree and entries, derived from them. */
  readonly dump: boolean;
  readonly shards: ShardLayout | null;
}

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** Reads and checks a manifest; throws `merkle/bad-file`. */
export async function readManifest(file: string): Promise<Manifest> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "is missing: is this the output of distribution build?" : cause.message;
    throw new MerkleError("merkle/bad-file", `manifest.json ${reason}`, { file }, { cause });
  });
  return parseManifest(text);
}

const WORD = /^0x[0-9a-f]{64}$/;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export function parseManifest(text: string): Manifest {
  let value: Manifest;
  try {
    value = JSON.parse(text) as Manifest;
  } catch (cause) {
    throw new MerkleError("merkle/bad-file", "manifest.json is not JSON", {}, { cause });
  }
  const fault = findFault(value);
  if (fault !== undefined) throw new MerkleError("merkle/bad-file", `manifest.json: ${fault}`);
  return value;
}

function findFault(value: Manifest | null): string | undefined {
  if (typeof value !== "object" || value === null) return "not an object";
  if (value.format !== MANIFEST_FORMAT) return `format is not ${MANIFEST_FORMAT}`;
  if (typeof value.listFile !== "string") return "listFile is not a name";
  if (!WORD.test(String(value.listHash))) return "listHash is not a 0x-prefixed word";
  if (!WORD.test(String(value.root))) return "root is not a 0x-prefixed word";
  if (!isCount(value.count) || value.count === 0) return "count is not a positive number";
  if (typeof value.total !== "string" || parseDecimal(value.total) === undefined)
    return "total is not a decimal string";
  if (!TREE_FORMATS.includes(value.tree)) return "tree is not a known format";
  if (!isCount(value.leaves?.bound) || !isCount(value.leaves?.unbound)) return "leaves are not counted";
  if (value.leaves.bound + value.leaves.unbound !== value.count) return "leaves do not add up to count";
  if (!isCount(value.depth)) return "depth is not a number";
  if (value.unit !== "wei" && value.unit !== "token") return "unit is neither wei nor token";
  if (value.ids !== "column" && value.ids !== "row") return "ids is neither column nor row";
  const { userId, amount, address } = value.columns ?? {};
  if (![userId, amount, address].every((name) => typeof name === "string")) return "columns are not named";
  if (!Array.isArray(value.excluded)) return "excluded is not a list";
  if (typeof value.dump !== "boolean") return "dump is neither true nor false";
  const { shards } = value;
  if (shards !== null && (!["user", "address"].includes(shards?.by) || ![1, 2, 3, 4].includes(shards?.digits))) {
    return "shards are not laid out";
  }
  return undefined;
}
