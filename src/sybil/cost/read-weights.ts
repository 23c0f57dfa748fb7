import { readFile } from "node:fs/promises";
import path from "node:path";

import { parseRules } from "../../scoring/rules/parse-rules.js";
import { RULES_FORMAT, type ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { SybilError } from "../errors.js";
import { readFault } from "../tables/file-faults.js";
import { LARGEST_THRESHOLD } from "./cost-to-pass.js";

const GRID = 10_000;
const NUMBER = /^\d+(\.\d+)?(e-?\d+)?$/;

/** Either a table of weights in 1e-4 points, or all rules of a scorer. */
export type WeightsOrRules = { readonly weights: ReadonlyMap<string, number> } | { readonly rules: ScorerRules };

/** Reads what {@link readWeights} does, or a scorer's rules (`touchstone-scorer-rules-v1`), whose faults are `scoring/…`. */
export async function readWeightsOrRules(file: string): Promise<WeightsOrRules> {
  const value = await readJson(file);
  const isRules = typeof value === "object" && value !== null && "format" in value && value.format === RULES_FORMAT;
  return isRules ? { rules: parseRules(value) } : { weights: weightsOf(value, path.basename(file)) };
}

/** Reads a JSON object of stamp and weight (a number, or its text) as points on the grid of 1e-4, rounded to the nearest. */
export async function readWeights(file: string): Promise<Map<string, number>> {
  return weightsOf(await readJson(file), path.basename(file));
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as unknown;
  } catch (cause) {
    const message = `${path.basename(file)} cannot be read: ${readFault(cause)}`;
    throw new SybilError("sybil/unreadable", message, {}, { cause });
  }
}

function weightsOf(value: unknown, name: string): Map<string, number> {
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

/** A threshold on the grid, rounded up: it never becomes easier to reach. Throws `sybil/bad-setting`, also beyond the limit. */
export function gridThreshold(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new SybilError("sybil/bad-setting", `the threshold "${text}" is no number from 0`);
  const [whole = "", fraction = ""] = text.split(".");
  const points = Number(whole) * GRID + Number(fraction.slice(0, 4).padEnd(4, "0"));
  const rounded = /[1-9]/.test(fraction.slice(4)) ? points + 1 : points;
  if (rounded <= LARGEST_THRESHOLD) return rounded;
  const limit = LARGEST_THRESHOLD / GRID;
  throw new SybilError("sybil/bad-setting", `the threshold of ${text} points is beyond the limit of ${limit} points`);
}
