// What passing costs a forger under a scorer's rules.
import { cheapestPaths } from "../../scoring/rules/cheapest-paths.js";
import { compileRules } from "../../scoring/rules/compile.js";
import type { Points } from "../../scoring/rules/points.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { cheapestPass } from "../cost/cost-to-pass.js";

export interface PassCost {
  /** Dollars. */
  readonly cost: number;
  readonly stamps: readonly string[];
  /** False where a long search was given up: there may be a cheaper set. */
  readonly exact: boolean;
}

/** The cheapest priced stamps that pass; undefined when there are none. Gates, groups and caps are obeyed. */
export function costToPass(rules: ScorerRules, prices: ReadonlyMap<string, number>): PassCost | undefined {
  const scorer = compileRules(rules);
  const priced = [...prices].filter(([stamp]) => scorer.indexOf(stamp) !== undefined);
  if (scorer.plain) {
    const open = priced.filter(([stamp]) => scorer.open[scorer.indexOf(stamp) as number] === 1);
    const stamps = open.map(([stamp, cost]) => ({ stamp, cost, points: rules.weights.get(stamp) ?? 0 }));
    const found = cheapestPass(stamps, { threshold: rules.threshold });
    return found && { cost: found.cost, stamps: found.stamps, exact: true };
  }
  const costs = priced.map(([provider, cost]) => ({ provider, cost, needs: [] }));
  const { paths, complete } = cheapestPaths(scorer, costs, { limit: 1 });
  const path = paths[0];
  return path && { cost: path.cost, stamps: path.providers, exact: complete };
}

/**
 * The least cost of `most` points and of every number below it, by points; Infinity where the stamps do not reach so far. Without
 * gates and caps, which only make passing dearer.
 */
export function leastCosts(
  weights: ReadonlyMap<string, Points>,
  prices: ReadonlyMap<string, number>,
  most: Points,
): Float64Array {
  const costs = new Float64Array(most + 1).fill(Infinity);
  costs[0] = 0;
  for (const [stamp, weight] of weights) {
    const price = prices.get(stamp);
    if (price === undefined || weight === 0) continue;
    for (let points = most; points > 0; points--) {
      const total = (costs[Math.max(0, points - weight)] as number) + price;
      if (total < (costs[points] as number)) costs[points] = total;
    }
  }
  return costs;
}
