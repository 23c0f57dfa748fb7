import type { RoundResult } from "../result.js";
import type { Share } from "../sections/parts.js";
import {
  legend,
  legendSeries,
  namedRows,
  shareScale,
  namesAxis,
  percent,
  shareAxis,
  type Whisker,
  whiskers,
} from "./axes.js";
import type { Plot } from "./chart.js";
import { COLOURS } from "./palette.js";

const SHARE_COLUMNS = ["flagged", "accounts", "share", "low", "high"];
const cells = ({ hits, count, share, low, high }: Share) => [hits, count, share ?? "", low, high];

/** Flagged accounts by band of the passport score. */
export function bandsPlot({ bands }: RoundResult): Plot[] {
  if (bands === null) return [];
  const shown = bands.bands.filter(({ flagged }) => flagged.share !== null);
  const entries = shown.map(({ flagged, passes }, at): Whisker => ({
    at,
    value: flagged.share ?? 0,
    low: flagged.low,
    high: flagged.high,
    colour: passes ? COLOURS.human : COLOURS.flagged,
    label: percent(flagged.share ?? 0),
  }));
  const kinds = [
    { name: "below the threshold", colour: COLOURS.flagged },
    { name: "passes", colour: COLOURS.human },
  ];
  return [
    {
      id: "flagged-by-score",
      title: "Flagged accounts by passport score",
      description: `Share of flagged accounts in each band of the passport score, with intervals of 95 %. ${bands.verdict}`,
      height: { wide: 360, narrow: 330 },
      option: (width) => ({
        grid: { left: width === "wide" ? 62 : 46, right: 12, top: 52, bottom: width === "wide" ? 66 : 78 },
        ...legend(width, kinds),
        xAxis: namesAxis(
          width,
          shown.map(({ label, flagged }) => `${label}\n${width === "wide" ? "n = " : ""}${flagged.count}`),
          {
            name: "passport score, points, and number of accounts",
            nameGap: width === "wide" ? 44 : 54,
            axisLabel: { rotate: width === "wide" ? 0 : 45 },
          },
        ),
        yAxis: shareAxis(
          width,
          "flagged, share of accounts",
          { ...shareScale(Math.max(...entries.map(({ high }) => high))) },
          width === "wide" ? 46 : 34,
        ),
        series: [...legendSeries(kinds), whiskers(entries, "y", width)],
      }),
      columns: ["score_above", "score_to", "passes", ...SHARE_COLUMNS],
      rows: bands.bands.map(({ from, to, passes, flagged }) => [from ?? "", to, Number(passes), ...cells(flagged)]),
    },
  ];
}

/** Flag rates of newcomers and of accounts with little data. */
export function groupsPlot({ groups }: RoundResult): Plot[] {
  const shown = [...groups].reverse();
  const labels = shown.map(({ group, flagged }) => `${group} (${flagged.count.toLocaleString("en")})`);
  const entries = shown.map(({ flagged, group }, at): Whisker => ({
    at,
    value: flagged.share ?? 0,
    low: flagged.low,
    high: flagged.high,
    colour: group === "everybody" ? COLOURS.ink : COLOURS.other,
    label: percent(flagged.share ?? 0, 1),
  }));
  return [
    {
      id: "flagged-by-group",
      title: "Newcomers and accounts with little data",
      description:
        "Share of flagged accounts among newcomers and accounts of which little is known, beside the others, with intervals of 95 %.",
      height: { wide: 300, narrow: 280 },
      option: (width) => ({
        ...namedRows(width, labels, { right: 60, top: 12 }),
        xAxis: shareAxis(width, "flagged, share of the group", {
          ...shareScale(Math.max(...entries.map(({ high }) => high))),
        }),
        series: [whiskers(entries, "x", width)],
      }),
      columns: ["group", "meaning", ...SHARE_COLUMNS],
      rows: groups.map(({ group, meaning, flagged }) => [group, meaning, ...cells(flagged)]),
    },
  ];
}
