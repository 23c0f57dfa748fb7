import { Type, type Static } from "typebox";

import type { ComparedPayouts } from "../../../funding/compare.js";
import { POINT } from "../../../scoring/rules/points.js";
import { leastStake, spreadOf } from "../../cost/economics.js";
import { farmProfit } from "../../cost/farm-profit.js";
import { cheapestScorerPass } from "../../cost/scorer-pass.js";
import { crowdSum, LEAST_CROWD } from "../coarse.js";
import { PAIRWISE_M, type ReportFacts } from "../facts.js";
import { closed, Count, Dollars, Figure, Money, orNull, Spread, spreadOrNull } from "./parts.js";

const StampCost = closed({
  stamp: Type.String(),
  price: Dollars,
  fungible: Type.Boolean({ description: "Money buys the evidence itself" }),
  points: orNull(Figure),
  flaggedHolders: Count,
  otherHolders: Count,
});

const PassportClass = closed({
  class: Type.String(),
  all: orNull(Spread),
  fungible: orNull(Spread),
});

const Pass = closed({
  cost: Dollars,
  fungibleCost: Dollars,
  points: Figure,
  stamps: Type.Array(Type.String()),
  exact: Type.Boolean({ description: "False where the search gave up: there may be a cheaper way" }),
});

export const Costs = closed(
  {
    priceFactor: Type.Number({
      description: "Prices were multiplied by it: what is cheap differs from place to place",
    }),
    stamps: Type.Array(StampCost),
    unpriced: Type.Array(Type.String(), { description: "Stamps that donors hold and nobody priced: counted as free" }),
    passports: Type.Array(PassportClass),
    round: closed({ flagged: orNull(Dollars), flaggedFungible: orNull(Dollars), others: orNull(Dollars) }),
    cheapestPass: orNull(Pass),
    profit: Type.Array(
      closed({
        rule: Type.String(),
        largest: Count,
        best: Count,
        profit: Money,
        gainPerAccount: Money,
        curve: Type.Array(closed({ accounts: Count, profit: Money })),
      }),
      { description: "Farms that buy the cheapest pass for each account, and give the median donation to one project" },
    ),
    donation: Money,
    stakes: Type.Array(
      closed({ slashProbability: Figure, least: Money }, "The smallest stake an account would not gain from"),
    ),
    stakeTerms: closed({ rate: Figure, years: Figure, slashShare: Figure }),
  },
  "What forging costs: a stamp, a passport, the round, passing; and whether it pays",
);
export type Costs = Static<typeof Costs>;

/** Assumed, and stated in the report: capital at 5 % a year, locked for a quarter, all of it slashed. */
const STAKE_TERMS = { rate: 0.05, years: 0.25, slashShare: 1 };
const SLASH_PROBABILITIES = [0, 0.1, 0.25, 0.5, 0.9];

/** Null where no prices are known. */
export function costsSection(facts: ReportFacts, priceFactor: number): Costs | null {
  const { tables, flagged, costs, scores, payouts, donated, named } = facts;
  const { prices, rules, stamps } = tables;
  if (costs === undefined) return null;
  const nonFungible = new Set(rules?.nonFungible);
  const holders = holdersOf(facts);
  const pass = rules === undefined ? undefined : cheapestScorerPass(rules, prices);
  const donation = spreadOf([...donated]).median;
  const profit = pass === undefined ? [] : payouts.map((paid) => profitOf(paid, facts, donation, pass.cost));
  const gain = Math.max(0, ...profit.map(({ gainPerAccount }) => gainPerAccount));
  const sum = (values: Float64Array, flag: number) => {
    const own = values.filter((_, row) => flagged[row] === flag);
    return crowdSum(
      named,
      own.length,
      own.reduce((total, value) => total + value, 0),
    );
  };
  const spread = (values: Float64Array, rows: readonly number[]) =>
    named || rows.length >= LEAST_CROWD ? spreadOrNull(rows.map((row) => values[row] as number)) : null;
  return {
    priceFactor,
    stamps: Array.from(prices, ([stamp, price]) => {
      const points = rules?.weights.get(stamp);
      return {
        stamp,
        price,
        fungible: !nonFungible.has(stamp),
        points: points === undefined ? null : points / POINT,
        flaggedHolders: holders.get(stamp)?.[1] ?? 0,
        otherHolders: holders.get(stamp)?.[0] ?? 0,
      };
    }).sort((a, b) => b.price - a.price || (a.stamp < b.stamp ? -1 : 1)),
    unpriced: [...new Set(stamps.flatMap((held) => [...held].filter((stamp) => !prices.has(stamp))))].sort(),
    passports: classesOf(facts).map(([name, rows]) => ({
      class: name,
      all: spread(costs.all, rows),
      fungible: spread(costs.fungible, rows),
    })),
    round: { flagged: sum(costs.all, 1), flaggedFungible: sum(costs.fungible, 1), others: sum(costs.all, 0) },
    cheapestPass:
      pass === undefined
        ? null
        : {
            cost: pass.cost,
            fungibleCost: pass.stamps
              .filter((stamp) => !nonFungible.has(stamp))
              .reduce((total, stamp) => total + (prices.get(stamp) as number), 0),
            points: pass.points / POINT,
            stamps: [...pass.stamps],
            exact: pass.exact,
          },
    profit,
    donation,
    stakes:
      scores === undefined || profit.length === 0
        ? []
        : SLASH_PROBABILITIES.map((slashProbability) => ({
            slashProbability,
            least: leastStake(gain, { ...STAKE_TERMS, slashProbability }),
          })),
    stakeTerms: STAKE_TERMS,
  };

  function profitOf({ rule, figures }: ComparedPayouts, { tables: round }: ReportFacts, each: number, cost: number) {
    const { pool, cap } = round.settings;
    const profit = farmProfit(rule, { pool, cap, figures, donation: each, m: PAIRWISE_M }, cost);
    return { rule, ...profit, curve: [...profit.curve] };
  }
}

/** How many of the others and of the flagged hold each stamp. */
function holdersOf({ tables, flagged }: ReportFacts): Map<string, [others: number, flagged: number]> {
  const holders = new Map<string, [number, number]>();
  tables.stamps.forEach((held, row) => {
    for (const stamp of held) {
      const counts = holders.get(stamp) ?? [0, 0];
      counts[flagged[row] as 0 | 1] += 1;
      holders.set(stamp, counts);
    }
  });
  return holders;
}

function classesOf({ flagged, scores }: ReportFacts): [name: string, rows: number[]][] {
  const rows = [...flagged.keys()];
  const passed = (row: number) => scores?.passing[row] === 1;
  const classes: [string, (row: number) => boolean][] = [
    ["flagged", (row) => flagged[row] === 1],
    ["not flagged", (row) => flagged[row] === 0],
    ["flagged, passed", (row) => flagged[row] === 1 && passed(row)],
    ["not flagged, passed", (row) => flagged[row] === 0 && passed(row)],
  ];
  return classes.slice(0, scores === undefined ? 2 : 4).map(([name, belongs]) => [name, rows.filter(belongs)]);
}
