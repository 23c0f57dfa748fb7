// The cheapest way to pass the rules of a scorer, for whoever buys every stamp.
import { cheapestPaths } from "../../scoring/rules/cheapest-paths.js";
import { compileRules } from "../../scoring/rules/compile.js";
import type { Gate } from "../../scoring/rules/gate/gate.js";
import { allowListProvider, type Limits, type ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { cheapestPass } from "./cost-to-pass.js";

export interface ScorerPass {
  readonly cost: number;
  /** In 1e-4 points. */
  readonly points: number;
  readonly stamps: readonly string[];
  /** False where the search gave up before it had seen everything: there may be a cheaper way. */
  readonly exact: boolean;
}

/** Above as many alternatives, a gate is left to the search. */
const MAX_ALTERNATIVES = 256;

/**
 * The cheapest priced stamps that pass; undefined where no priced stamps do. Exact by dynamic programming where the rules are
 * weights, caps of groups, required stamps and gates of single stamps; else a bounded search over all that scorers know.
 */
export function cheapestScorerPass(rules: ScorerRules, prices: ReadonlyMap<string, number>): ScorerPass | undefined {
  const anyOf = alternatives(rules);
  const groups = [...rules.groups.values()];
  const onlyCaps = groups.every(({ maxStamps, diminishing }) => maxStamps === null && diminishing === null);
  if (anyOf === undefined || !onlyCaps || limited(rules.total)) return searchPass(rules, prices);

  const open = (name: string) => rules.providers === null || rules.providers.includes(name);
  const named = new Set([...rules.weights.keys(), ...anyOf.flat()]);
  const priced = [...named].filter((name) => prices.has(name) && (open(name) || isList(rules, name)));
  const stamps = priced.map((stamp) => ({
    stamp,
    points: rules.weights.get(stamp) ?? 0,
    cost: prices.get(stamp) as number,
  }));
  const possible = anyOf.filter((required) => required.every((name) => priced.includes(name)));
  if (possible.length === 0) return undefined;
  const caps = groups.flatMap(({ cap, providers }) =>
    cap === null ? [] : [{ stamps: providers.filter((name) => priced.includes(name)), cap }],
  );
  const found = cheapestPass(stamps, { threshold: rules.threshold, anyOf: possible, caps });
  return found === undefined ? undefined : { ...found, stamps: [...found.stamps].sort(), exact: true };
}

function searchPass(rules: ScorerRules, prices: ReadonlyMap<string, number>): ScorerPass | undefined {
  const costs = Array.from(prices, ([provider, cost]) => ({ provider, cost, needs: [] }));
  const { paths, complete } = cheapestPaths(compileRules(rules), costs, { limit: 1 });
  const [best] = paths;
  if (best === undefined) return undefined;
  return { cost: best.cost, points: best.sum, stamps: best.providers, exact: complete };
}

const limited = ({ maxStamps, diminishing, cap }: Limits): boolean =>
  maxStamps !== null || diminishing !== null || cap !== null;
const isList = ({ allowLists }: ScorerRules, name: string) =>
  allowLists.some((list) => allowListProvider(list) === name);

/** Sets of stamps of which one must be held whole; undefined where a gate asks for sums or counts, or for too much. */
function alternatives(rules: ScorerRules): string[][] | undefined {
  const parts: string[][][] = [[[...rules.required]]];
  if (rules.gate !== null) {
    const gate = disjunction(rules.gate);
    if (gate === undefined) return undefined;
    parts.push(gate);
  }
  if (rules.allowLists.length > 0) parts.push(rules.allowLists.map((list) => [allowListProvider(list)]));
  return parts.reduce<string[][] | undefined>(product, [[]])?.map((names) => [...new Set(names)]);
}

function disjunction(gate: Gate): string[][] | undefined {
  switch (gate.kind) {
    case "has":
      return [[gate.provider]];
    case "sum":
    case "count":
      return undefined;
    case "or": {
      const branches = gate.branches.map(disjunction);
      return branches.includes(undefined) ? undefined : (branches as string[][][]).flat();
    }
    case "and":
      return gate.branches.reduce<string[][] | undefined>((all, branch) => product(all, disjunction(branch)), [[]]);
  }
}

function product(a: string[][] | undefined, b: string[][] | undefined): string[][] | undefined {
  if (a === undefined || b === undefined || a.length * b.length > MAX_ALTERNATIVES) return undefined;
  return a.flatMap((first) => b.map((second) => [...first, ...second]));
}
