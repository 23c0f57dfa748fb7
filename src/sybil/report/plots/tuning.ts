import type { RoundResult } from "../result.js";
import { legend, legendSeries, namedRows, shareAxis, shareScale, valueAxis, whiskers, type Whisker } from "./axes.js";
import type { Plot } from "./chart.js";
import { COLOURS } from "./palette.js";

const MOST_STAMPS = 24;

/** What each threshold costs in people, and lets in. */
export function tradeOffPlot({ tuning }: RoundResult): Plot[] {
  const proposal = tuning?.proposal ?? null;
  if (proposal === null) return [];
  const marks = [
    { name: "current rules", colour: COLOURS.flagged, point: proposal.before },
    { name: "proposed rules", colour: COLOURS.human, point: proposal.after },
  ];
  const kinds = [
    ...marks.map(({ name, colour }) => ({ name, colour })),
    { name: "other thresholds", colour: COLOURS.other },
  ];
  return [
    {
      id: "trade-off",
      title: "People who pass against Sybils who pass",
      description:
        "Each point of the line is a threshold under the proposed weights: further up more people pass, further left fewer Sybils. Lines through the two dots are intervals of 95 %.",
      height: { wide: 400, narrow: 350 },
      option: (width) => ({
        grid: { left: width === "wide" ? 66 : 50, right: 20, top: width === "wide" ? 44 : 62, bottom: 52 },
        ...legend(width, kinds),
        xAxis: shareAxis(width, "Sybils who pass, share of all Sybils", shareScale(1)),
        yAxis: shareAxis(width, "people who pass, share of all people", shareScale(1), width === "wide" ? 48 : 38),
        series: [
          ...legendSeries(kinds),
          {
            type: "line",
            silent: true,
            symbol: "none",
            lineStyle: { color: COLOURS.other, width: 2 },
            data: proposal.curve.map(({ people, sybils }) => [sybils.share ?? 0, people.share ?? 0]),
          },
          ...marks.flatMap(({ colour, point: { people, sybils } }) => [
            whiskers(
              [{ at: sybils.share ?? 0, value: people.share ?? 0, low: people.low, high: people.high, colour }],
              "y",
              width,
            ),
            whiskers(
              [{ at: people.share ?? 0, value: sybils.share ?? 0, low: sybils.low, high: sybils.high, colour }],
              "x",
              width,
            ),
          ]),
        ],
      }),
      columns: ["threshold", "people", "people_low", "people_high", "sybils", "sybils_low", "sybils_high"],
      rows: proposal.curve.map(({ threshold, people, sybils }) => [
        threshold,
        people.share ?? "",
        people.low,
        people.high,
        sybils.share ?? "",
        sybils.low,
        sybils.high,
      ]),
    },
  ];
}

/** Which stamps tell people from Sybils. */
export function stampEffectsPlot({ tuning }: RoundResult): Plot[] {
  const proposal = tuning?.proposal ?? null;
  const held = proposal?.stamps.filter(({ people, sybils }) => people.hits + sybils.hits > 0) ?? [];
  if (proposal === null || held.length === 0) return [];
  // The most popular ones, in the order of what they say.
  const shown = [...held]
    .sort((a, b) => b.people.hits + b.sybils.hits - a.people.hits - a.sybils.hits)
    .slice(0, MOST_STAMPS)
    .sort((a, b) => a.logOddsRatio - b.logOddsRatio);
  const kinds = [
    { name: "speaks for a person", colour: COLOURS.human },
    { name: "for a Sybil", colour: COLOURS.flagged },
    { name: "says neither", colour: COLOURS.faint },
  ];
  const colourOf = ({ low, high }: { low: number; high: number }) =>
    low > 0 ? COLOURS.human : high < 0 ? COLOURS.flagged : COLOURS.faint;
  const entries = shown.map(({ logOddsRatio, low, high, ...rest }, at): Whisker => ({
    at,
    value: logOddsRatio,
    low,
    high,
    colour: colourOf({ low, high }),
    label: String(rest.people.hits + rest.sybils.hits),
  }));
  return [
    {
      id: "stamp-effects",
      title: "What each stamp says of its holder",
      description: `Logarithm of the odds ratio of being a person, holders against others, with intervals of 95 % and numbers of holders: popularity against effect, for the ${shown.length} most popular stamps.`,
      height: { wide: 100 + shown.length * 21, narrow: 120 + shown.length * 20 },
      option: (width) => ({
        ...namedRows(
          width,
          shown.map(({ stamp }) => stamp),
          { right: 56, top: width === "wide" ? 40 : 60 },
        ),
        ...legend(width, kinds),
        xAxis: valueAxis(width, "log odds ratio, no unit"),
        series: [...legendSeries(kinds), whiskers(entries, "x", width)],
      }),
      columns: [
        "stamp",
        "log_odds_ratio",
        "low",
        "high",
        "people_holding",
        "people",
        "sybils_holding",
        "sybils",
        "points_before",
        "points_after",
        "origin",
      ],
      rows: proposal.stamps.map(({ stamp, logOddsRatio, low, high, people, sybils, before, after, origin }) => [
        stamp,
        logOddsRatio,
        low,
        high,
        people.hits,
        people.count,
        sybils.hits,
        sybils.count,
        before,
        after,
        origin,
      ]),
    },
  ];
}
