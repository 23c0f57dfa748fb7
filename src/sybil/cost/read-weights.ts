import { readFile } from "node:fs/promises";
import path from "node:path";

import { SybilError } from "../errors.js";

const GRID = 10_000;
const NUMBER = /^\d+(\.\d+)?(e-?\d+)?$/;

/** Reads a JSON object of stamp and weight (a number, or its text) as points on the grid of 1e-4, rounded to the nearest. */
export async function readWeights(file: string): Promise<Map<string, number>> {
  const name = path.basename(file);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SybilError("sybil/unreadable", `${name} cannot be read: ${reason}`, {}, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SybilError("sybil/bad-table", `${name} is not an object of stamps and weights`);
  }
  return new Map(
    Object.entries(value).map(([stamp, weight]: [string, unknown]) => {
      if ((typeof weight !== "string" && typeof weight !== "number") || !NUMBER.test(String(weight))) {
        throw new SybilError("sybil/bad-cell", `${name}: the weight of ${stamp} is no number from 0`, { stamp });
      }
      return [stamp, Math.round(Number(weight) * GRID)];
    }),
  );
}

/** A threshold on the grid, rounded up: it never becomes easier to reach. */
export function gridThreshold(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new SybilError("sybil/bad-setting", `the threshold "${text}" is no number from 0`);
  const [whole = "", fraction = ""] = text.split(".");
  const points = Number(whole) * GRID + Number(fraction.slice(0, 4).padEnd(4, "0"));
  return /[1-9]/.test(fraction.slice(4)) ? points + 1 : points;
}
