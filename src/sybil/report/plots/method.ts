import type { RoundResult } from "../result.js";
import { legend, legendSeries, namedRows, shareScale, shareAxis, type Whisker, valueAxis, whiskers } from "./axes.js";
import type { Plot } from "./chart.js";
import { COLOURS } from "./palette.js";

const MOST_TERMS = 20;
const KINDS = [
  { name: "speaks for a Sybil", colour: COLOURS.flagged },
  { name: "speaks for a person", colour: COLOURS.human },
];
const colourOf = (towards: string) => (towards === "sybil" ? COLOURS.flagged : COLOURS.human);
const rowHeights = (rows: number, wide: number, rest: number) => ({
  wide: rest + rows * wide,
  narrow: rest + rows * (wide - 2),
});

/** How many donors each rule is true of. */
export function heuristicsPlot({ heuristics }: RoundResult): Plot[] {
  const shown = [...heuristics.rules].reverse();
  if (shown.length === 0) return [];
  const labels = shown.map(({ rule, strong }) => `${rule}${strong ? " ●" : ""}`);
  const entries = shown.map(({ hits, towards }, at): Whisker => ({
    at,
    value: hits.share ?? 0,
    low: hits.low,
    high: hits.high,
    colour: colourOf(towards),
    label: `${hits.hits.toLocaleString("en")}`,
  }));
  return [
    {
      id: "heuristics",
      title: "What the rules of thumb found",
      description:
        "Share of donors that each rule is true of, with intervals of 95 % and numbers of donors. A dot behind a name: the rule settles accounts by itself.",
      height: rowHeights(shown.length, 26, 100),
      option: (width) => ({
        ...namedRows(width, labels, { right: 56, top: 40 }),
        ...legend(width, KINDS),
        xAxis: shareAxis(width, "donors, share of all", {
          ...shareScale(Math.max(...entries.map(({ high }) => high))),
        }),
        series: [...legendSeries(KINDS), whiskers(entries, "x", width)],
      }),
      columns: ["rule", "meaning", "towards", "strong", "hits", "donors", "share", "low", "high", "settled"],
      rows: heuristics.rules.map(({ rule, text, towards, strong, hits, settled }) => [
        rule,
        text,
        towards,
        Number(strong),
        hits.hits,
        hits.count,
        hits.share ?? "",
        hits.low,
        hits.high,
        settled,
      ]),
    },
  ];
}

/** What the model weighs, and how heavily. */
export function coefficientsPlot({ model }: RoundResult): Plot[] {
  if (model === null || model.terms.length === 0) return [];
  const largest = [...model.terms]
    .sort((a, b) => Math.abs(b.standardised) - Math.abs(a.standardised))
    .slice(0, MOST_TERMS);
  const shown = largest.sort((a, b) => a.standardised - b.standardised);
  const named = (feature: string, unknown: boolean) => `${feature}${unknown ? " unknown" : ""}`;
  const labels = shown.map(
    ({ feature, unknown, separated }) => `${named(feature, unknown)}${separated === null ? "" : " *"}`,
  );
  return [
    {
      id: "coefficients",
      title: "What the model weighs",
      description: `${shown.length < model.terms.length ? `The ${shown.length} largest coefficients` : "All coefficients"}, in log-odds for one standard deviation of the feature: to the right they speak for a Sybil, to the left for a person. A star: hardly anybody of one class has it, so the figure says little.`,
      height: rowHeights(shown.length, 24, 100),
      option: (width) => ({
        ...namedRows(width, labels, { right: 24, top: 40 }, { axisLine: { show: false } }),
        ...legend(width, KINDS),

        xAxis: valueAxis(
          width,
          width === "wide" ? "log-odds of a Sybil for one standard deviation" : "log-odds per std. deviation",
        ),
        series: [
          ...legendSeries(KINDS),
          {
            type: "bar",
            silent: true,
            barWidth: 9,
            data: shown.map(({ standardised }) => ({
              value: standardised,
              itemStyle: { color: standardised > 0 ? COLOURS.flagged : COLOURS.human, borderRadius: 3 },
            })),
          },
        ],
      }),
      columns: [
        "feature",
        "meaning",
        "unknown",
        "log_odds_per_deviation",
        "coefficient",
        "standard_error",
        "separated",
      ],
      rows: model.terms.map(({ feature, text, unknown, standardised, coefficient, standardError, separated }) => [
        feature,
        text,
        Number(unknown),
        standardised,
        coefficient,
        standardError ?? "",
        separated ?? "",
      ]),
    },
  ];
}

/** Whether a probability means what it says. */
export function calibrationPlot({ model }: RoundResult): Plot[] {
  if (model === null) return [];
  const filled = model.calibration.filter(({ observed }) => observed.share !== null);
  const middle = ({ from, to }: { from: number; to: number }) => (from + to) / 2;
  const entries = filled.map((bin): Whisker => ({
    at: middle(bin),
    value: bin.observed.share ?? 0,
    low: bin.observed.low,
    high: bin.observed.high,
    colour: COLOURS.other,
    label: String(bin.observed.count),
  }));
  const who = model.labels === "people" ? "people judged" : "strong rules settled";
  return [
    {
      id: "calibration",
      title: "Do the probabilities hold?",
      description: `Of accounts that ${who}, by the probability that a model gave them which had not seen their cluster: the share of Sybils, with intervals of 95 % and numbers of accounts. On the dashed line a probability means what it says.`,
      height: { wide: 380, narrow: 320 },
      option: (width) => ({
        grid: { left: width === "wide" ? 66 : 48, right: 20, top: 26, bottom: 52 },
        xAxis: shareAxis(width, "probability of a Sybil, as the model said", { ...shareScale(1) }),
        yAxis: shareAxis(width, "Sybils, share of the accounts", { ...shareScale(1) }, width === "wide" ? 48 : 36),
        series: [
          {
            type: "line",
            silent: true,
            symbol: "none",
            data: [
              [0, 0],
              [1, 1],
            ],
            lineStyle: { color: COLOURS.soft, type: "dashed", width: 1.5 },
          },
          whiskers(entries, "y", width),
        ],
      }),
      columns: ["probability_from", "probability_to", "sybils", "accounts", "share", "low", "high"],
      rows: model.calibration.map(({ from, to, observed }) => [
        from,
        to,
        observed.hits,
        observed.count,
        observed.share ?? "",
        observed.low,
        observed.high,
      ]),
    },
  ];
}
