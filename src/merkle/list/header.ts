import { cellText, refuse, type Cells } from "./lines.js";
import type { ListOptions } from "./options.js";

/** Which cell of a line holds what; -1 for a column that the list does not have. */
export interface ColumnPlaces {
  readonly cells: number;
  readonly userId: number;
  readonly amount: number;
  readonly address: number;
}

/** Reads the first line. Every column must be known: one that is only ignored may be the one that was meant. */
export function readHeader(cells: Cells, options: ListOptions): ColumnPlaces {
  const { columns, ids } = options;
  const known = ids === "row" ? [columns.amount, columns.address] : [columns.userId, columns.amount, columns.address];
  const names = Array.from({ length: cells.count }, (_, index) => cellText(cells, index));
  for (const [index, name] of names.entries()) {
    if (!known.includes(name)) {
      const message = `unknown column "${name}"; known are ${known.join(", ")} (--columns gives them other names)`;
      refuse("list/unknown-header", 1, message, { column: name });
    }
    if (names.indexOf(name) !== index) refuse("list/duplicate-header", 1, `column "${name}" appears twice`);
  }
  const required = known.filter((name) => name !== columns.address || options.addressRequired);
  for (const name of required) {
    if (!names.includes(name)) refuse("list/missing-header", 1, `there is no column "${name}"`, { column: name });
  }
  return {
    cells: cells.count,
    userId: ids === "row" ? -1 : names.indexOf(columns.userId),
    amount: names.indexOf(columns.amount),
    address: names.indexOf(columns.address),
  };
}
