// Proofs for static hosting: many small files, so that a page finds a user's proof with one request and no server.
//   root.json    {format, root, listHash, count, total, by, digits, rule}
//   <hex>.json   {format, root, shard, entries}
// By user id, an entry's shard is its id modulo the number of shards; by address, the address's first hex digits.
import { addressText } from "../address.js";
import { ListError } from "../errors.js";
import type { OpenAllocations } from "../open-allocations.js";
import { ACCOUNT_BYTES, amountOf, countBound } from "../rows.js";
import { sortKeys } from "../sort-words.js";

export const SHARDS_FORMAT = "touchstone-shards-v1";

export interface ShardLayout {
  readonly by: "user" | "address";
  /** Hex digits of a shard's name: 16 to the power of this many files. */
  readonly digits: number;
}

/** Shards by count: 16, 256, 4096 or 65536. */
export function parseShards(count: string, by: string): ShardLayout | null {
  if (by !== "user" && by !== "address")
    throw new ListError("list/bad-option", `--shard-by is user or address, not "${by}"`);
  if (count === "") return null;
  const digits = ["16", "256", "4096", "65536"].indexOf(count) + 1;
  if (digits === 0) throw new ListError("list/bad-option", `--shards is 16, 256, 4096 or 65536, not "${count}"`);
  return { by, digits };
}

export interface ShardFile {
  readonly name: string;
  readonly text: string;
}

/** Every file of the shards' folder. Throws `list/format-mismatch` if a row has no address to be filed under. */
export function* shardFiles(book: OpenAllocations, layout: ShardLayout): Generator<ShardFile> {
  const { rows } = book.entries;
  if (layout.by === "address" && countBound(rows) < rows.count) {
    throw new ListError("list/format-mismatch", "shards by address need an address in every row");
  }
  const { root, listHash, count, total } = book;
  const rule =
    layout.by === "user"
      ? `the user id modulo ${16 ** layout.digits}, in hex, ${layout.digits} digits`
      : `the first ${layout.digits} hex digits of the address after 0x, lower case`;
  const head = { format: SHARDS_FORMAT, root, listHash, count, total: total.toString(), ...layout, rule };
  yield { name: "root.json", text: `${JSON.stringify(head, null, 2)}\n` };
  const keys = Uint32Array.from({ length: count }, (_, row) => shardOf(book, row, layout));
  const order = sortKeys(keys) ?? Uint32Array.from({ length: count }, (_, row) => row);
  let next = 0;
  for (let shard = 0; shard < 16 ** layout.digits; shard++) {
    const start = next;
    while (next < count && keys[order[next] as number] === shard) next++;
    const name = shard.toString(16).padStart(layout.digits, "0");
    const entries = (layout.by === "user" ? byUser : byAddress)(book, order.subarray(start, next));
    yield { name: `${name}.json`, text: `${JSON.stringify({ format: SHARDS_FORMAT, root, shard: name, entries })}\n` };
  }
}

function shardOf(book: OpenAllocations, row: number, { by, digits }: ShardLayout): number {
  const { ids, accounts } = book.entries.rows;
  if (by === "user") return (ids[row] as number) % 16 ** digits;
  const at = row * ACCOUNT_BYTES;
  const leading = ((accounts as Uint8Array)[at] as number) * 256 + ((accounts as Uint8Array)[at + 1] as number);
  return leading >>> (16 - 4 * digits);
}

function byUser(book: OpenAllocations, members: Uint32Array): object {
  const { rows } = book.entries;
  return Object.fromEntries(
    Array.from(members, (row) => {
      const account = addressText(rows, row);
      const entry = { amount: amountOf(rows, row).toString(), ...(account === null ? {} : { account }) };
      return [String(rows.ids[row]), { ...entry, proof: book.proofAt(row) }];
    }),
  );
}

/** An account may hold several ids. */
function byAddress(book: OpenAllocations, members: Uint32Array): object {
  const { rows } = book.entries;
  const entries: Record<string, object[]> = {};
  for (const row of members) {
    const account = addressText(rows, row) as string;
    const entry = { userId: rows.ids[row], amount: amountOf(rows, row).toString(), proof: book.proofAt(row) };
    (entries[account] ??= []).push(entry);
  }
  return entries;
}
