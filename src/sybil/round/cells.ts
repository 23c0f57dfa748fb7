import path from "node:path";

import { SybilError } from "../errors.js";
import { numberOf, type CellPlace } from "../tables/read-table.js";

/** Throws `sybil/bad-cell` with file and line. */
export function refuseCell({ file, line, column }: CellPlace, problem: string): never {
  throw new SybilError("sybil/bad-cell", `${path.basename(file)}, line ${line}: ${problem}`, { line, column });
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Seconds since 1970 of an ISO 8601 date (midnight UTC) or of a time with its zone; undefined for anything else. A time without a
 * zone would mean another moment on another machine.
 */
export function parseTime(text: string): number | undefined {
  const [, year, month, day] = TIME.exec(text) ?? [];
  if (year === undefined) return undefined;
  // Date.parse takes the 30th of February for a day in March.
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const milliseconds = Number(day) > days ? NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** A time of a cell. Throws `sybil/bad-cell`. */
export const timeOf = (text: string, place: CellPlace): number =>
  parseTime(text) ?? refuseCell(place, `"${text}" in the column ${place.column} is no ISO 8601 time with its zone`);

/** A number from 0 of a cell; undefined for NA. Throws `sybil/bad-cell`. */
export function amountOf(text: string, place: CellPlace): number | undefined {
  const value = numberOf(text, place, "NA");
  if (value !== undefined && value < 0) return refuseCell(place, `the ${place.column} ${text} is below 0`);
  return value;
}

/** A whole number from 0 of a cell; undefined for NA. Throws `sybil/bad-cell`. */
export function countOf(text: string, place: CellPlace): number | undefined {
  const value = amountOf(text, place);
  if (value !== undefined && !Number.isSafeInteger(value)) {
    return refuseCell(place, `"${text}" in the column ${place.column} is no whole number`);
  }
  return value;
}
