import fc from "fast-check";
import { getAddress } from "ethers";

import { addressBytes } from "../../../../src/merkle/address.js";
import { MAX_USER_ID, type Allocation } from "../../../../src/merkle/allocation.js";
import { ACCOUNT_BYTES, allocateRows, setAmount, type Rows } from "../../../../src/merkle/rows.js";

const ADDRESS = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .filter((bytes) => bytes.some((byte) => byte !== 0))
  .map((bytes) => getAddress(`0x${Buffer.from(bytes).toString("hex")}`));
const AMOUNT = fc.oneof(fc.bigInt(1n, 2n ** 90n), fc.bigInt(1n, 300n));
const USER_ID = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 0, max: MAX_USER_ID }));

export type Kinds = "bound" | "unbound" | "mixed";

/** Lists of distinct ids in any order. */
export function allocations(kinds: Kinds, maxLength = 40): fc.Arbitrary<Allocation[]> {
  const account = { bound: ADDRESS, unbound: fc.constant(null), mixed: fc.option(ADDRESS) }[kinds];
  const allocation = fc.record({ userId: USER_ID, amount: AMOUNT, account });
  return fc.uniqueArray(allocation, { minLength: 1, maxLength, selector: ({ userId }) => userId });
}

export function toRows(list: readonly Allocation[]): Rows {
  const rows = allocateRows(
    list.length,
    list.some(({ account }) => account !== null),
  );
  for (const [row, { userId, amount, account }] of list.entries()) {
    rows.ids[row] = userId;
    setAmount(rows, row, amount);
    if (account !== null) rows.accounts?.set(addressBytes(account), row * ACCOUNT_BYTES);
  }
  return rows;
}

/** Ids 1..count with `id x 10^18` wei: the vectors of the design notes. */
export const tokensById = (count: number): Allocation[] =>
  Array.from({ length: count }, (_, index) => ({
    userId: index + 1,
    amount: BigInt(index + 1) * 10n ** 18n,
    account: null,
  }));

export const toCsv = (list: readonly Allocation[]): string =>
  [
    "user_id,amount,address",
    ...list.map(({ userId, amount, account }) => `${userId},${amount},${account ?? ""}`),
    "",
  ].join("\n");
