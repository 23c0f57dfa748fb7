import type { RoundResult } from "../result.js";
import { legend, legendSeries, namedRows, short, type Whisker, valueAxis, whiskers } from "./axes.js";
import type { Plot } from "./chart.js";
import { COLOURS } from "./palette.js";

const MOST_STAMPS = 24;
const dollars = (value: number) => `$${short(value)}`;
const MONEY = [
  { name: "money buys it", colour: COLOURS.flagged },
  { name: "money does not", colour: COLOURS.human },
];

/** What each stamp costs to forge. */
export function stampCostsPlot({ costs }: RoundResult): Plot[] {
  const priced = costs?.stamps.filter(({ price }) => price > 0) ?? [];
  if (costs === null || priced.length === 0) return [];
  const held = priced.filter(
    ({ flaggedHolders, otherHolders, points }) => flaggedHolders + otherHolders > 0 || points !== null,
  );
  const shown = (held.length === 0 ? priced : held).slice(0, MOST_STAMPS).reverse();
  const labels = shown.map(({ stamp }) => stamp);
  const least = Math.min(...shown.map(({ price }) => price));
  const floor = 10 ** Math.floor(Math.log10(least * 0.999));
  const entries = shown.map(({ price, fungible }, at): Whisker => ({
    at,
    value: price,
    low: floor,
    high: price,
    colour: fungible ? COLOURS.flagged : COLOURS.human,
    label: dollars(price),
  }));
  return [
    {
      id: "stamp-costs",
      title: "What a stamp costs to forge",
      description: `The ${shown.length} dearest stamps that donors hold or the scorer weighs, in dollars, on a logarithmic scale.`,
      height: { wide: 100 + shown.length * 20, narrow: 100 + shown.length * 19 },
      option: (width) => ({
        ...namedRows(width, labels, { right: 64, top: 40 }),
        ...legend(width, MONEY),
        xAxis: valueAxis(width, "cost of forgery, US dollars", {
          type: "log",
          min: floor,
          axisLabel: { formatter: dollars },
        }),
        series: [...legendSeries(MONEY), whiskers(entries, "x", width)],
      }),
      columns: ["stamp", "dollars", "money_buys_it", "points", "flagged_holders", "other_holders"],
      rows: costs.stamps.map(({ stamp, price, fungible, points, flaggedHolders, otherHolders }) => [
        stamp,
        price,
        Number(fungible),
        points ?? "",
        flaggedHolders,
        otherHolders,
      ]),
    },
  ];
}

/** What the passports of each class cost. */
export function passportCostsPlot({ costs }: RoundResult): Plot[] {
  const classes = costs?.passports.filter(({ all }) => all !== null) ?? [];
  if (costs === null || classes.length === 0) return [];
  const rows = classes.flatMap(({ class: name, all, fungible }) => [
    { name, part: "all stamps", spread: all, colour: COLOURS.other },
    { name, part: "money buys", spread: fungible, colour: COLOURS.flagged },
  ]);
  const shown = [...rows].reverse();
  const kinds = [
    { name: "all stamps", colour: COLOURS.other },
    { name: "of these, what money buys", colour: COLOURS.flagged },
  ];
  const labels = shown.map(({ name, part }) => (part === "all stamps" ? name : ""));
  const entries = shown.map(({ spread, colour }, at): Whisker => ({
    at,
    value: spread?.median ?? 0,
    low: spread?.lower ?? 0,
    high: spread?.upper ?? 0,
    colour,
    label: dollars(spread?.median ?? 0),
  }));
  const pass = costs.cheapestPass;
  return [
    {
      id: "passport-costs",
      title: "What the passports cost to forge",
      description: `Median (dot) and quartiles (line) of the cost of an account's stamps, by class.${pass === null ? "" : ` Dashed: the cheapest way to pass the rules, ${dollars(pass.cost)}.`}`,
      height: { wide: 110 + shown.length * 24, narrow: 110 + shown.length * 24 },
      option: (width) => ({
        ...namedRows(width, labels, { right: 70, top: 40 }),
        ...legend(width, kinds),
        xAxis: valueAxis(width, "cost of forgery, US dollars", { axisLabel: { formatter: dollars } }),
        series: [
          ...legendSeries(kinds),
          { ...whiskers(entries, "x", width), ...(pass === null ? {} : {}) },
          ...(pass === null ? [] : [mark(pass.cost)]),
        ],
      }),
      columns: ["class", "stamps", "accounts", "lower_quartile", "median", "upper_quartile"],
      rows: rows.map(({ name, part, spread }) => [
        name,
        part,
        spread?.count ?? 0,
        spread?.lower ?? "",
        spread?.median ?? "",
        spread?.upper ?? "",
      ]),
    },
  ];
}

const mark = (at: number) => ({
  type: "scatter",
  data: [],
  silent: true,
  markLine: {
    symbol: "none",
    silent: true,
    label: { show: false },
    lineStyle: { color: COLOURS.ink, type: "dashed", width: 1.5 },
    data: [{ xAxis: at }],
  },
});

export const RULE_NAMES: Readonly<Record<string, string>> = {
  standard: "standard",
  pairwise: "pairwise",
  "donation-profiles": "donation profiles",
  cocm: "clusters (COCM)",
};
const CURVES: Readonly<Record<string, { colour: string; type: string }>> = {
  standard: { colour: COLOURS.flagged, type: "solid" },
  pairwise: { colour: COLOURS.other, type: "solid" },
  "donation-profiles": { colour: COLOURS.tax, type: "dashed" },
  cocm: { colour: COLOURS.human, type: "dotted" },
};

/** What farms of each size would have earned under each rule. */
export function profitPlot({ costs }: RoundResult): Plot[] {
  if (costs === null || costs.profit.length === 0) return [];
  const kinds = costs.profit.map(({ rule }) => ({
    name: RULE_NAMES[rule] ?? rule,
    colour: CURVES[rule]?.colour ?? COLOURS.ink,
  }));
  const best = Math.max(...costs.profit.flatMap(({ curve }) => curve.map(({ profit }) => profit)), 1);
  return [
    {
      id: "farm-profit",
      title: "Would a farm have paid?",
      description: `Matching less the cost of passing, for farms that buy the cheapest pass for each account and give ${short(costs.donation)} from each to one project of their own. Below the line of 0 a farm loses money. One of the currency is taken for a dollar.`,
      height: { wide: 360, narrow: 320 },
      option: (width) => ({
        grid: { left: width === "wide" ? 76 : 58, right: 20, top: width === "wide" ? 44 : 66, bottom: 52 },
        ...legend(width, kinds),
        xAxis: valueAxis(width, "accounts of the farm", { type: "log", min: 2, splitLine: { show: false } }),
        // Losses grow without end; as far down as up is enough to see where a farm stops paying.
        yAxis: valueAxis(
          width,
          "profit, in the round's currency",
          { min: -best, max: best, axisLabel: { formatter: short } },
          width === "wide" ? 58 : 44,
        ),
        series: [
          ...costs.profit.map(({ rule, curve }) => ({
            type: "line",
            name: RULE_NAMES[rule] ?? rule,
            silent: true,
            showSymbol: false,
            lineStyle: { width: 2.5, color: CURVES[rule]?.colour, type: CURVES[rule]?.type },
            itemStyle: { color: CURVES[rule]?.colour },
            data: curve.map(({ accounts, profit }) => [accounts, profit]),
          })),
          {
            type: "line",
            silent: true,
            data: [],
            markLine: {
              symbol: "none",
              silent: true,
              label: { show: false },
              lineStyle: { color: COLOURS.ink, width: 1.5, type: "solid" },
              data: [{ yAxis: 0 }],
            },
          },
        ],
      }),
      columns: ["rule", "accounts", "profit"],
      rows: costs.profit.flatMap(({ rule, curve }) => curve.map(({ accounts, profit }) => [rule, accounts, profit])),
    },
  ];
}
