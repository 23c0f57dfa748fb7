import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { cheapestPass, type CheapestPass } from "../../src/sybil/cost/cost-to-pass.js";
import { gridThreshold, readWeightsOrRules } from "../../src/sybil/cost/read-weights.js";
import { canonicalPoints } from "../../src/scoring/rules/points.js";
import type { ScorerRules } from "../../src/scoring/rules/scorer-rules.js";
import { cheapestScorerPass } from "../../src/sybil/cost/scorer-pass.js";
import { correctStaking, costOfForgery, readStampCosts } from "../../src/sybil/cost/stamp-costs.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface CostArguments {
  file: string;
  out: string | undefined;
  weights: string | undefined;
  threshold: string | undefined;
  correct: boolean;
  json: boolean;
}

interface Pass {
  readonly found: CheapestPass | undefined;
  readonly unpriced: readonly string[];
  /** False where the search gave up early. */
  readonly exact: boolean;
}

const cost: NewTaskActionFunction<CostArguments> = async ({ file, out, weights, threshold, correct, json }) =>
  run(async () => {
    if (out !== undefined) await outputFile(out, [file, weights]);
    const read = await readStampCosts(file);
    const costs = correct ? correctStaking(read) : read;
    const prices = new Map(costs.map((stamp) => [stamp.stamp, costOfForgery(stamp)]));
    const sum = [...prices.values()].reduce((total, price) => total + price, 0);
    const pass = weights === undefined ? undefined : await priceOfPassing(prices, weights, threshold);
    if (out !== undefined) await writeTable(out, ["stamp", "cost_of_forgery"], prices);
    const lines = [`${prices.size} stamps cost ${sum.toFixed(4)} dollars to forge together`];
    if (!correct && correctStaking(read).some((stamp, at) => stamp.price !== read[at]?.price)) {
      lines.push("Silver staking costs more than gold here, which looks swapped: --correct swaps it back");
    }
    if (pass !== undefined) lines.push(...describe(pass));
    if (out !== undefined) lines.push(`The costs are in ${out}`);
    const unpriced = pass === undefined ? {} : { cheapestPass: pass.found ?? null, unpriced: pass.unpriced };
    printResult(json, { stamps: Object.fromEntries(prices), sum, ...unpriced }, lines);
  });

async function priceOfPassing(
  prices: ReadonlyMap<string, number>,
  file: string,
  threshold: string | undefined,
): Promise<Pass> {
  const read = await readWeightsOrRules(file);
  if ("rules" in read) return priceOfRules(prices, read.rules, threshold);
  const { weights } = read;
  const least = gridThreshold(required(threshold, "--threshold"));
  const stamps = [...weights].flatMap(([stamp, points]) => {
    const price = prices.get(stamp);
    return price === undefined ? [] : [{ stamp, points, cost: price }];
  });
  const unpriced = [...weights.keys()].filter((stamp) => !prices.has(stamp));
  return { found: cheapestPass(stamps, { threshold: least }), unpriced, exact: true };
}

/** All that the rules ask for counts: caps, required stamps, gates. `--threshold` replaces theirs. */
function priceOfRules(prices: ReadonlyMap<string, number>, rules: ScorerRules, threshold: string | undefined): Pass {
  const least = gridThreshold(threshold ?? canonicalPoints(rules.threshold));
  const found = cheapestScorerPass({ ...rules, threshold: least }, prices);
  const unpriced = [...rules.weights.keys()].filter((stamp) => !prices.has(stamp));
  return { found, unpriced, exact: found?.exact ?? true };
}

function describe({ found, unpriced, exact }: Pass): string[] {
  const missing = unpriced.length === 0 ? [] : [`Without a price, and so left out: ${unpriced.join(", ")}`];
  if (found === undefined) return ["The priced stamps together do not reach the threshold", ...missing];
  const points = (found.points / 10_000).toFixed(4);
  const inexact = exact ? [] : ["The search gave up before it had seen every way: there may be a cheaper one"];
  const what = `${found.stamps.length} stamps of ${points} points`;
  return [
    `To pass costs ${found.cost.toFixed(4)} dollars: ${what}`,
    `  ${found.stamps.join(", ")}`,
    ...inexact,
    ...missing,
  ];
}

export default cost;
