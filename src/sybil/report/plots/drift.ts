import type { RoundResult } from "../result.js";
import { legend, legendSeries, namedRows, valueAxis, whiskers } from "./axes.js";
import type { Plot } from "./chart.js";
import { COLOURS } from "./palette.js";

const MOST_FEATURES = 20;
const BANDS = [
  { name: "stable", colour: COLOURS.human },
  { name: "moderate", colour: COLOURS.tax },
  { name: "large", colour: COLOURS.flagged },
];

/** How far the accounts of this round are from those of the last one. */
export function driftPlot({ drift }: RoundResult): Plot[] {
  if (drift === null || drift.features.length === 0) return [];
  const shown = drift.features.slice(0, MOST_FEATURES).reverse();
  const labels = shown.map(({ feature }) => feature);
  const entries = shown.map(({ index, band }, at) => ({
    at,
    value: index,
    low: 0,
    high: index,
    colour: BANDS.find(({ name }) => name === band)?.colour ?? COLOURS.ink,
    label: index.toFixed(2),
  }));
  return [
    {
      id: "drift",
      title: "What changed since the last round",
      description: `Population stability index of the ${shown.length} features that changed most since ${drift.round}: below 0.1 stable, from 0.25 on another population.`,
      height: { wide: 100 + shown.length * 22, narrow: 100 + shown.length * 21 },
      option: (width) => ({
        ...namedRows(width, labels, { right: 56, top: 40 }),
        ...legend(width, BANDS),
        xAxis: valueAxis(width, "population stability index, no unit", { min: 0 }),
        series: [...legendSeries(BANDS), whiskers(entries, "x", width)],
      }),
      columns: ["feature", "meaning", "index", "band"],
      rows: drift.features.map(({ feature, text, index, band }) => [feature, text, index, band]),
    },
  ];
}
