// The two flat files of a built list. Each starts with 32 bytes: a name with its version (16 bytes), the number of
// leaves or rows, and one number of its own; numbers are 32-bit little-endian. What follows is what memory holds, so
// opening is one read and no parsing:
//   tree.bin     "touchstone-tree1", leaves, shape (0 heap, 1 layers); the nodes, 32 bytes each
//   entries.bin  "touchstone-rows1", rows, 1 if there are accounts; ids ascending (4 bytes each), positions in the tree
//                (4), amounts (12, big-endian), accounts (20, zero for none; absent if no row has one)
import { open } from "node:fs/promises";
import { endianness } from "node:os";
import path from "node:path";

import { invariant } from "../../shared/errors.js";
import { MerkleError } from "../errors.js";
import { ACCOUNT_BYTES, AMOUNT_BYTES, type Rows } from "../rows.js";
import { nodeCount, type MerkleTree } from "../tree.js";

const HEADER = 32;
const TREE = "touchstone-tree1";
const ROWS = "touchstone-rows1";
/** One read or write call moves less than 2 GiB. */
const PIECE = 2 ** 30;
const SHAPES = ["heap", "layers"] as const;

export interface Entries {
  readonly rows: Rows;
  /** Where each row's leaf stands in the tree. */
  readonly positions: Uint32Array<ArrayBuffer>;
}

export async function writeTree(file: string, tree: MerkleTree): Promise<void> {
  await writePieces(file, [header(TREE, tree.count, SHAPES.indexOf(tree.shape)), tree.nodes]);
}

export async function writeEntries(file: string, { rows, positions }: Entries): Promise<void> {
  const columns = [rows.ids, positions, rows.amounts, ...(rows.accounts === null ? [] : [rows.accounts])];
  await writePieces(file, [header(ROWS, rows.count, rows.accounts === null ? 0 : 1), ...columns]);
}

export async function readTree(file: string): Promise<MerkleTree> {
  const { content, count, extra } = await readPieces(file, TREE);
  const shape = SHAPES[extra];
  if (shape === undefined) throw damaged(file, `unknown shape ${extra}`);
  if (content.length !== nodeCount(shape, count) * 32) throw damaged(file, `wrong length for ${count} leaves`);
  return { shape, count, nodes: content };
}

export async function readEntries(file: string): Promise<Entries> {
  const { content, count, extra } = await readPieces(file, ROWS);
  const size = 8 + AMOUNT_BYTES + (extra === 1 ? ACCOUNT_BYTES : 0);
  if (extra > 1 || content.length !== count * size) throw damaged(file, `wrong length for ${count} rows`);
  const { buffer } = content;
  const amounts = new Uint8Array(buffer, HEADER + 8 * count, AMOUNT_BYTES * count);
  const accounts = extra === 0 ? null : new Uint8Array(buffer, HEADER + 20 * count, ACCOUNT_BYTES * count);
  return {
    rows: { count, ids: new Uint32Array(buffer, HEADER, count), amounts, accounts },
    positions: new Uint32Array(buffer, HEADER + 4 * count, count),
  };
}

function header(name: string, count: number, extra: number): Uint8Array {
  invariant(endianness() === "LE", "flat files are little-endian, as all supported machines are");
  const bytes = new Uint8Array(HEADER);
  bytes.set(Buffer.from(name, "latin1"));
  const view = new DataView(bytes.buffer);
  view.setUint32(16, count, true);
  view.setUint32(20, extra, true);
  return bytes;
}

async function writePieces(file: string, pieces: readonly ArrayBufferView[]): Promise<void> {
  const handle = await open(file, "wx");
  try {
    for (const { buffer, byteOffset, byteLength } of pieces) {
      for (let done = 0; done < byteLength;) {
        const piece = new Uint8Array(buffer, byteOffset + done, Math.min(PIECE, byteLength - done));
        done += (await handle.write(piece)).bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The whole file in one buffer: its header, checked, and a view of the rest. */
async function readPieces(file: string, name: string) {
  const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw damaged(file, cause.code === "ENOENT" ? "missing" : cause.message, cause);
  });
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size;) {
      const { bytesRead } = await handle.read(bytes, done, Math.min(PIECE, size - done), done);
      if (bytesRead === 0) throw damaged(file, "shorter than it was");
      done += bytesRead;
    }
    if (size < HEADER) throw damaged(file, "too short");
    const found = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
    if (found !== name) throw damaged(file, `it does not start with "${name}"`);
    const view = new DataView(bytes.buffer);
    const [count, extra] = [view.getUint32(16, true), view.getUint32(20, true)];
    if (count === 0) throw damaged(file, "no rows");
    if (Buffer.compare(bytes.subarray(0, HEADER), header(name, count, extra)) !== 0)
      throw damaged(file, "wrong header");
    return { content: bytes.subarray(HEADER), count, extra };
  } finally {
    await handle.close();
  }
}

const damaged = (file: string, reason: string, cause?: unknown) =>
  new MerkleError("merkle/bad-file", `${path.basename(file)}: ${reason}`, { file }, { cause });
