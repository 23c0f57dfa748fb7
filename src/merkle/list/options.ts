import { parseDecimal, parseUnits } from "../../shared/decimal.js";
import { ListError } from "../errors.js";
import { MAX_AMOUNT } from "../rows.js";

export const TOKEN_DECIMALS = 18;

export type Unit = "wei" | "token";

/** How to read a list. */
export interface ListOptions {
  /** What amounts are counted in: `token` allows a fraction of at most 18 digits. */
  readonly unit: Unit;
  /** The names of the columns in the header. `address` may be absent from the header unless it was named. */
  readonly columns: { readonly userId: string; readonly amount: string; readonly address: string };
  readonly addressRequired: boolean;
  /** Where ids come from: their column, or the row's number (the first row after the header is 1). */
  readonly ids: "column" | "row";
  /** What the distributor shall be funded with, in wei. */
  readonly funding: bigint | null;
}

export const DEFAULT_LIST_OPTIONS: ListOptions = {
  unit: "wei",
  columns: { userId: "user_id", amount: "amount", address: "address" },
  addressRequired: false,
  ids: "column",
  funding: null,
};

/** The texts of a command line; the empty string stands for "not given". */
export interface ListOptionTexts {
  readonly unit: string;
  readonly columns: string;
  readonly ids: string;
  readonly funding: string;
}

const bad = (message: string) => new ListError("list/bad-option", message);

/** Reads the options of a command line; throws `list/bad-option`. */
export function parseListOptions(texts: ListOptionTexts): ListOptions {
  const { unit, ids } = texts;
  if (unit !== "wei" && unit !== "token") throw bad(`--unit is wei or token, not "${unit}"`);
  if (ids !== "column" && ids !== "row") throw bad(`--ids is column or row, not "${ids}"`);
  const named = parseColumns(texts.columns);
  if (ids === "row" && named.has("user_id")) throw bad("--ids row takes no user_id column: remove it from --columns");
  const funding = texts.funding === "" ? null : parseFunding(texts.funding, unit);
  const columns = {
    userId: named.get("user_id") ?? "user_id",
    amount: named.get("amount") ?? "amount",
    address: named.get("address") ?? "address",
  };
  if (new Set(Object.values(columns)).size < 3) throw bad("--columns names one column twice");
  return { unit, columns, addressRequired: named.has("address"), ids, funding };
}

function parseColumns(text: string): Map<string, string> {
  const named = new Map<string, string>();
  for (const item of text === "" ? [] : text.split(",")) {
    const [, role, name] = /^(user_id|amount|address)=([\x21-\x7e]+)$/.exec(item) ?? [];
    if (role === undefined || name === undefined) {
      throw bad(`--columns is a list such as user_id=id,amount=tokens,address=account; cannot read "${item}"`);
    }
    if (named.has(role)) throw bad(`--columns names ${role} twice`);
    named.set(role, name);
  }
  return named;
}

function parseFunding(text: string, unit: Unit): bigint {
  const funding = unit === "wei" ? parseDecimal(text) : parseUnits(text, TOKEN_DECIMALS);
  if (funding === undefined) throw bad(`--funding is an amount in ${unit}, as in the list; cannot read "${text}"`);
  if (funding > MAX_AMOUNT) throw bad(`--funding is above 2^96 - 1 wei, the most that the token can hold`);
  return funding;
}
