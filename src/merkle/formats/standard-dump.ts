// Dumps of OpenZeppelin's merkle-tree library: `standard-v1` when all leaves are of one kind, `simple-v1` (the leaf hashes
// alone) for lists that mix bound and unbound leaves, because one dump has one leaf encoding.
import { addressText, checksumAddress } from "../address.js";
import { MAX_USER_ID } from "../allocation.js";
import { MerkleError } from "../errors.js";
import { fromHex, hex } from "../hex.js";
import { hashInnerNodes } from "../heap-tree.js";
import { leafHashes } from "../leaf.js";
import { parseDecimal } from "../../shared/decimal.js";
import type { OpenAllocations } from "../open-allocations.js";
import { wordBytes } from "../proof.js";
import { ACCOUNT_BYTES, allocateRows, amountOf, countBound, MAX_AMOUNT, setAmount, type Rows } from "../rows.js";
import { nodeOf, rootOf, type MerkleTree } from "../tree.js";

export type DumpFormat = "standard-v1" | "simple-v1";

const UNBOUND = ["uint32", "uint256"];
const BOUND = [...UNBOUND, "address"];

/** The format that can express these rows. */
export function dumpFormat(rows: Rows): DumpFormat {
  const bound = countBound(rows);
  return bound === 0 || bound === rows.count ? "standard-v1" : "simple-v1";
}

/** The dump of a built standard-v1 tree, piece by piece. */
export function* dumpFile(book: OpenAllocations): Generator<string> {
  const { rows, positions } = book.entries;
  const format = dumpFormat(rows);
  const encoding = rows.accounts === null || countBound(rows) === 0 ? UNBOUND : BOUND;
  yield `{"format":"${format}",`;
  if (format === "standard-v1") yield `"leafEncoding":${JSON.stringify(encoding)},`;
  yield `"tree":[`;
  const nodes = book.tree.nodes.length / 32;
  for (let node = 0; node < nodes; node++) yield `${node === 0 ? "" : ","}\n"${nodeOf(book.tree, node)}"`;
  yield `],"values":[`;
  for (let row = 0; row < rows.count; row++) {
    const treeIndex = positions[row] as number;
    const account = addressText(rows, row);
    const fields = [String(rows.ids[row]), amountOf(rows, row).toString(), ...(account === null ? [] : [account])];
    const value = format === "standard-v1" ? fields : nodeOf(book.tree, treeIndex);
    yield `${row === 0 ? "" : ","}\n${JSON.stringify({ value, treeIndex })}`;
  }
  yield "]}\n";
}

export interface ImportedDump {
  readonly tree: MerkleTree;
  readonly root: string;
  /** Where the values' leaves stand in the tree, in the values' order. */
  readonly positions: Uint32Array<ArrayBuffer>;
  /** The values; null for a `simple-v1` dump, which has leaf hashes alone. */
  readonly rows: Rows | null;
}

interface DumpDocument {
  readonly format?: unknown;
  readonly leafEncoding?: unknown;
  readonly hash?: unknown;
  readonly tree?: unknown;
  readonly values?: unknown;
}

/**
 * Reads a dump and checks what the library checks on loading (every node, every value's leaf) and what it does not:
 * no leaf twice, no id twice, ranges. Throws `merkle/bad-file` or `merkle/duplicate-leaf`.
 */
export function readDump(document: unknown): ImportedDump {
  const { format, leafEncoding, hash, tree: words, values } = (document ?? {}) as DumpDocument;
  if (format !== "standard-v1" && format !== "simple-v1") return fail(`unknown format ${String(format)}`);
  if (hash !== undefined) return fail("it was made with another hash than Keccak");
  if (!Array.isArray(words) || !Array.isArray(values) || values.length === 0) return fail("tree or values are missing");
  if (words.length !== 2 * values.length - 1) return fail(`${words.length} nodes do not fit ${values.length} values`);
  const tree = readNodes(words, values.length);
  const positions = Uint32Array.from(values, (item: { treeIndex?: unknown } | null) =>
    readPosition(item, words.length),
  );
  const rows = format === "standard-v1" ? readValues(values, leafEncoding) : null;
  const leaves = rows === null ? readLeaves(values) : leafHashes(rows);
  const seen = new Set<string>();
  for (const [index, position] of positions.entries()) {
    const leaf = hex(leaves, index * 32, index * 32 + 32);
    if (leaf !== nodeOf(tree, position)) return fail(`value ${index} is not the leaf at its place in the tree`);
    if (seen.has(leaf)) return fail(`value ${index} stands in the dump already`, "merkle/duplicate-leaf");
    seen.add(leaf);
  }
  if (rows !== null && new Set(rows.ids).size !== rows.count)
    return fail("an id is used twice", "merkle/duplicate-leaf");
  return { tree, root: rootOf(tree), positions, rows };
}

function readNodes(words: readonly unknown[], count: number): MerkleTree {
  const nodes = new Uint8Array(words.length * 32);
  words.forEach((word, index) => nodes.set(wordBytes(word), index * 32));
  const rebuilt = nodes.slice();
  hashInnerNodes(rebuilt);
  if (Buffer.compare(rebuilt, nodes) !== 0) return fail("a node is not the hash of its children");
  return { shape: "heap", count, nodes };
}

function readPosition(item: { treeIndex?: unknown } | null, nodes: number): number {
  const position = item?.treeIndex;
  if (!Number.isInteger(position) || (position as number) >= nodes || (position as number) < (nodes - 1) / 2) {
    return fail(`treeIndex ${String(position)} is not a leaf`);
  }
  return position as number;
}

function readLeaves(values: readonly { value?: unknown }[]): Uint8Array {
  const leaves = new Uint8Array(values.length * 32);
  values.forEach(({ value }, index) => leaves.set(wordBytes(value), index * 32));
  return leaves;
}

function readValues(values: readonly { value?: unknown }[], encoding: unknown): Rows {
  // uint32 and uint256 encode alike, so a dump that says uint256 for the id has the same leaves.
  const kind = JSON.stringify(Array.isArray(encoding) ? ["uint32", ...encoding.slice(1)] : null);
  const first = Array.isArray(encoding) ? (encoding as unknown[])[0] : undefined;
  const withAccounts = kind === JSON.stringify(BOUND);
  if ((first !== "uint32" && first !== "uint256") || (!withAccounts && kind !== JSON.stringify(UNBOUND))) {
    return fail(`leaf encoding ${JSON.stringify(encoding)} is not that of a distribution`);
  }
  const rows = allocateRows(values.length, withAccounts);
  for (const [row, { value }] of values.entries()) {
    const [id, amount, account] = (Array.isArray(value) ? value : []) as unknown[];
    const [userId, wei] = [readNumber(id), readNumber(amount)];
    if (userId === undefined || userId > MAX_USER_ID) return fail(`value ${row}: the id is not a uint32 in digits`);
    if (wei === undefined || wei === 0n || wei > MAX_AMOUNT) return fail(`value ${row}: the amount is out of range`);
    rows.ids[row] = Number(userId);
    setAmount(rows, row, wei);
    if (rows.accounts !== null) rows.accounts.set(readAccount(account, row), row * ACCOUNT_BYTES);
  }
  return rows;
}

/** Texts only: a JSON number may have lost digits before we saw it. */
const readNumber = (value: unknown): bigint | undefined =>
  typeof value === "string" ? parseDecimal(value) : undefined;

function readAccount(value: unknown, row: number): Uint8Array {
  const bytes = fromHex(value, ACCOUNT_BYTES);
  if (bytes === undefined || bytes.every((byte) => byte === 0)) return fail(`value ${row}: not an address`);
  if (value !== (value as string).toLowerCase() && value !== checksumAddress(bytes)) {
    return fail(`value ${row}: the checksum of ${String(value)} is wrong`);
  }
  return bytes;
}

function fail(reason: string, code: "merkle/bad-file" | "merkle/duplicate-leaf" = "merkle/bad-file"): never {
  throw new MerkleError(code, `dump: ${reason}`);
}
