import { DomainError } from "../shared/errors.js";

/** What a list is refused for. Every message names the line; nothing has been written when one is thrown. */
export type ListErrorCode =
  /** An option contradicts another one or cannot be read. */
  | "list/bad-option"
  /** The file has no bytes at all, or a header and no rows. */
  | "list/empty"
  /** The file starts with a byte order mark. */
  | "list/byte-order-mark"
  /** A line ends with CR LF, or holds a lone CR. */
  | "list/line-ending"
  /** A byte that is not printable ASCII: NUL, invalid or non-ASCII UTF-8, a tab. */
  | "list/encoding"
  /** A quote inside a cell, or one that is not closed on its line. */
  | "list/quote"
  | "list/line-too-long"
  | "list/blank-line"
  | "list/cell-count"
  | "list/missing-header"
  | "list/unknown-header"
  | "list/duplicate-header"
  /** An id that is not plain decimal digits. */
  | "list/bad-user-id"
  /** An id above 2^32 - 1. */
  | "list/user-id-too-large"
  | "list/duplicate-user-id"
  /** An amount that is not plain decimal digits (with `--unit token`, and at most 18 fraction digits). */
  | "list/bad-amount"
  | "list/zero-amount"
  /** An amount above 2^96 - 1, the most that the token can hold. */
  | "list/amount-too-large"
  /** The sum of all amounts is above 2^96 - 1. */
  | "list/total-too-large"
  /** The sum of all amounts is above what the distributor shall be funded with. */
  | "list/over-funding"
  | "list/bad-address"
  /** An address with capitals whose EIP-55 checksum is wrong. */
  | "list/bad-checksum"
  | "list/zero-address"
  /** The chosen format cannot express this list (gtc-v1 has no addresses; Uniswap's has one row per address). */
  | "list/format-mismatch"
  | "list/unreadable";

/** What a built folder, or a file of another tool, is refused for. */
export type MerkleErrorCode =
  /** The user is not in the list. */
  | "merkle/unknown-user"
  /** The output folder exists and holds something else. */
  | "merkle/output-exists"
  /** The file system refused: no permission, no space, not a folder. */
  | "merkle/unwritable"
  /** A file is missing, damaged, of an unknown version, or disagrees with itself. */
  | "merkle/bad-file"
  /** Two rows of an imported file are the same. */
  | "merkle/duplicate-leaf"
  /** The built folder holds a format that claims cannot be served from. */
  | "merkle/not-servable";

export class ListError extends DomainError<ListErrorCode> {}
export class MerkleError extends DomainError<MerkleErrorCode> {}
