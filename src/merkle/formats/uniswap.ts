// Claims files as Uniswap's merkle-distributor reads them:
//   {merkleRoot, tokenTotal, claims: {address: {index, amount, proof}}}, amounts in hex; our user id is the index.
// Leaf: keccak256(abi.encodePacked(uint256 index, address account, uint256 amount)), once; leaves sorted, odd node
// promoted. For other contracts: our distributor's leaves are different ones.
import { addressText, checksumAddress } from "../address.js";
import { MAX_USER_ID } from "../allocation.js";
import { MerkleError } from "../errors.js";
import { fromHex, hex } from "../hex.js";
import { BATCH, messageBatch } from "../keccak/keccak.js";
import type { OpenAllocations } from "../open-allocations.js";
import { rootFromProof } from "../proof.js";
import {
  ACCOUNT_BYTES,
  allocateRows,
  AMOUNT_BYTES,
  amountOf,
  MAX_AMOUNT,
  setAmount,
  totalOf,
  type Rows,
} from "../rows.js";

const claims = messageBatch(84);

/** The leaves of rows that all have an address, in the rows' order, 32 bytes each. */
export function claimLeaves(rows: Rows): Uint8Array<ArrayBuffer> {
  const leaves = new Uint8Array(rows.count * 32);
  const { accounts, amounts } = rows;
  for (let start = 0; start < rows.count; start += BATCH) {
    const end = Math.min(rows.count, start + BATCH);
    claims.start();
    for (let row = start; row < end; row++) {
      const at = (row - start) * claims.step;
      const message = claims.messages.subarray(at, at + claims.step);
      new DataView(message.buffer, message.byteOffset).setUint32(28, rows.ids[row] as number);
      message.set((accounts as Uint8Array).subarray(row * ACCOUNT_BYTES, (row + 1) * ACCOUNT_BYTES), 32);
      message.set(amounts.subarray(row * AMOUNT_BYTES, (row + 1) * AMOUNT_BYTES), 84 - AMOUNT_BYTES);
    }
    leaves.set(claims.hash(end - start), start * 32);
  }
  return leaves;
}

/** An even number of digits, as the original's library writes amounts. */
function hexAmount(value: bigint): string {
  const digits = value.toString(16);
  return `0x${digits.length % 2 === 1 ? "0" : ""}${digits}`;
}

/** The claims file of a built list, piece by piece. */
export function* claimsFile(book: OpenAllocations): Generator<string> {
  const { rows } = book.entries;
  yield `{"merkleRoot":"${book.root}","tokenTotal":"${hexAmount(book.total)}","claims":{`;
  for (let row = 0; row < rows.count; row++) {
    const claim = { index: rows.ids[row], amount: hexAmount(amountOf(rows, row)), proof: book.proofAt(row) };
    yield `${row === 0 ? "" : ","}\n"${addressText(rows, row)}":${JSON.stringify(claim)}`;
  }
  yield "\n}}\n";
}

interface ClaimsDocument {
  readonly merkleRoot?: unknown;
  readonly tokenTotal?: unknown;
  readonly claims?: Record<string, { index?: unknown; amount?: unknown; proof?: unknown } | null>;
}

export interface ImportedClaims {
  /** In the file's order. */
  readonly rows: Rows;
  readonly root: string;
}

/** Reads a claims file and checks all of it: addresses, ranges, sum, and every proof. Throws `merkle/bad-file`. */
export function readClaimsFile(document: unknown): ImportedClaims {
  const { merkleRoot, tokenTotal, claims: table } = (document ?? {}) as ClaimsDocument;
  const root = hex(fromHex(merkleRoot, 32) ?? fail("merkleRoot is not a 32-byte word"));
  if (typeof table !== "object" || table === null) return fail("there are no claims");
  const items = Object.entries(table);
  if (items.length === 0) return fail("there are no claims");
  const rows = allocateRows(items.length, true);
  const proofs = items.map(([account, claim], row) => readClaim(rows, row, account, claim ?? {}));
  if (new Set(rows.ids).size !== rows.count) return fail("an index is used twice", "merkle/duplicate-leaf");
  if (readAmount(tokenTotal) !== totalOf(rows)) return fail("tokenTotal is not the sum of the amounts");
  const leaves = claimLeaves(rows);
  for (const [row, proof] of proofs.entries()) {
    if (rootFromProof(hex(leaves, row * 32, row * 32 + 32), proof) === root) continue;
    return fail(`the proof of ${items[row]?.[0]} does not lead to merkleRoot`);
  }
  return { rows, root };
}

function readClaim(rows: Rows, row: number, account: string, claim: Record<string, unknown>): readonly string[] {
  const { index, amount, proof } = claim;
  const bytes = fromHex(account, ACCOUNT_BYTES) ?? fail(`${account} is not an address`);
  if (account !== account.toLowerCase() && account !== checksumAddress(bytes)) fail(`${account} has a wrong checksum`);
  if (!Number.isInteger(index) || (index as number) < 0 || (index as number) > MAX_USER_ID) {
    return fail(`the index of ${account} is not a uint32`);
  }
  const value = readAmount(amount);
  if (value === undefined || value === 0n || value > MAX_AMOUNT)
    return fail(`the amount of ${account} is out of range`);
  if (!Array.isArray(proof)) return fail(`${account} has no proof`);
  rows.ids[row] = index as number;
  setAmount(rows, row, value);
  rows.accounts?.set(bytes, row * ACCOUNT_BYTES);
  return proof as string[];
}

const readAmount = (text: unknown): bigint | undefined =>
  typeof text === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(text) ? BigInt(text) : undefined;

function fail(reason: string, code: "merkle/bad-file" | "merkle/duplicate-leaf" = "merkle/bad-file"): never {
  throw new MerkleError(code, `claims file: ${reason}`);
}
