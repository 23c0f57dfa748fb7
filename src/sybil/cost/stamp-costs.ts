// What it costs to forge a stamp (sybil.md, 5): its price, raised or lowered by five factors that people judge.
import { readFile } from "node:fs/promises";
import path from "node:path";

import { parse } from "csv-parse/sync";

import { SybilError } from "../errors.js";
import { readFault } from "../tables/file-faults.js";
import { numberOf } from "../tables/read-table.js";

export const COST_FACTORS = ["users", "incentivised", "reversibility", "meta_identity", "social"] as const;

export interface StampCost {
  readonly stamp: string;
  /** Dollars. */
  readonly price: number;
  /** In the order of {@link COST_FACTORS}, each from -0.25 to 0.25. */
  readonly factors: readonly number[];
}

/** Dollars to forge the stamp: price · (1 + the sum of its factors). */
export const costOfForgery = ({ price, factors }: StampCost): number =>
  price * (1 + factors.reduce((sum, factor) => sum + factor, 0));

const PLAIN = ["stamp", "cost", ...COST_FACTORS];

/**
 * Reads costs of stamps: `stamp,cost,users,incentivised,reversibility,meta_identity,social`, or the published table with its two
 * header rows, whose columns 4 to 9 are these and whose intercept is left out. Throws a {@link SybilError} that names the line.
 */
export async function readStampCosts(file: string): Promise<StampCost[]> {
  const name = path.basename(file);
  const rows = parseRows(await readText(file, name), name);
  const [header = [], second = []] = rows;
  const published = header[0] === "Stamp" && second[0] === "Coefficient Type" && second[3] === "cost";
  if (!published && header.join() !== PLAIN.join()) {
    const what = `the columns are not ${PLAIN.join(", ")}, nor those of the published table`;
    throw new SybilError("sybil/unknown-column", `${name}, line 1: ${what}`);
  }
  const [skipped, first] = published ? [2, 3] : [1, 1];
  const seen = new Map<string, number>();
  const costs: StampCost[] = [];
  for (const [at, cells] of rows.entries()) {
    const line = at + 1;
    if (at < skipped) continue;
    if (cells.length !== header.length) {
      const what = `${cells.length} cells, where the header has ${header.length}`;
      throw new SybilError("sybil/bad-table", `${name}, line ${line}: ${what}`, { line });
    }
    const stamp = cells[0] as string;
    if (published && stamp === "(Intercept)") continue;
    const before = seen.get(stamp);
    if (before !== undefined) {
      throw new SybilError("sybil/duplicate-row", `${name}, line ${line}: ${stamp} stands in line ${before} too`);
    }
    seen.set(stamp, line);
    const [price = NaN, ...factors] = ["cost", ...COST_FACTORS].map(
      (column, place) => numberOf(cells[first + place] as string, { file, line, column }) as number,
    );
    const wrong = price < 0 || factors.some((factor) => Math.abs(factor) > 0.25);
    if (wrong) {
      const what = `${stamp} has a price below 0, or a factor that is not from -0.25 to 0.25`;
      throw new SybilError("sybil/bad-cell", `${name}, line ${line}: ${what}`, { line });
    }
    costs.push({ stamp, price, factors });
  }
  if (costs.length === 0) throw new SybilError("sybil/empty-table", `${name} has no rows`);
  return costs;
}

async function readText(file: string, name: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new SybilError("sybil/unreadable", `${name} cannot be read: ${readFault(cause)}`, {}, { cause });
  }
}

function parseRows(text: string, name: string): string[][] {
  try {
    return parse(text, { bom: true, relax_column_count: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SybilError("sybil/bad-table", `${name}: ${reason}`, {}, { cause });
  }
}

/** In the published table silver costs more than gold, for both kinds of staking: the two are taken to be swapped. */
export function correctStaking(costs: readonly StampCost[]): StampCost[] {
  const prices = new Map(costs.map(({ stamp, price }) => [stamp, price]));
  return costs.map((cost) => {
    const [, kind, metal] = /^(SelfStaking|CommunityStaking)(Silver|Gold)$/.exec(cost.stamp) ?? [];
    if (kind === undefined) return cost;
    const [silver, gold] = [prices.get(`${kind}Silver`), prices.get(`${kind}Gold`)];
    if (silver === undefined || gold === undefined || silver <= gold) return cost;
    return { ...cost, price: metal === "Silver" ? gold : silver };
  });
}
