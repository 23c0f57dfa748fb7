import type { RoundResult } from "../result.js";
import { fontSize, legend, namesAxis, percent, shareAxis, shareScale, short } from "./axes.js";
import type { Plot } from "./chart.js";
import { COLOURS } from "./palette.js";

/** Who passed the gate, and whose money. */
export function gatePlot({ gate }: RoundResult): Plot[] {
  if (gate === null) return [];
  const cell = (name: string, above: number | null, below: number | null, of: string) => ({
    name,
    above: above ?? 0,
    below: below ?? 0,
    of,
    // Of two parts of which one is not published no share can be drawn.
    total: above === null || below === null ? 0 : above + below,
  });
  const bars = [
    cell("flagged: accounts", gate.flaggedAbove.accounts, gate.flaggedBelow.accounts, "accounts"),
    cell("flagged: matching", gate.flaggedAbove.matched, gate.flaggedBelow.matched, "of the pool"),
    cell("others: accounts", gate.othersAbove.accounts, gate.othersBelow.accounts, "accounts"),
    cell("others: matching", gate.othersAbove.matched, gate.othersBelow.matched, "of the pool"),
  ].filter(({ total }) => total > 0);
  const shown = [...bars].reverse();
  const kinds = [
    { name: "above the threshold", colour: COLOURS.human },
    { name: "below", colour: COLOURS.faint },
  ];
  const part = (which: "above" | "below", colour: string, width: "wide" | "narrow") => ({
    type: "bar",
    name: which === "above" ? kinds[0]?.name : kinds[1]?.name,
    stack: "all",
    silent: true,
    barWidth: 30,
    itemStyle: { color: colour },
    data: shown.map((bar) => ({
      value: bar[which] / bar.total,
      label: {
        show: bar[which] / bar.total > (width === "wide" ? 0.12 : 0.25),
        formatter: () => `${percent(bar[which] / bar.total)} · ${short(bar[which])}`,
        color: which === "above" ? COLOURS.paper : COLOURS.ink,
        fontSize: fontSize(width) - 1,
      },
    })),
  });
  const [low, high] = [gate.flaggedThatPassed.low, gate.flaggedThatPassed.high].map((share) => percent(share));
  return [
    {
      id: "gate",
      title: "Who passed the passport's gate",
      description: `Accounts at or above ${gate.threshold} points and below, and the matching that the standard rule gave to their donations before any defence. Of flagged accounts ${low} to ${high} passed (interval of 95 %).`,
      height: { wide: 280, narrow: 290 },
      option: (width) => ({
        grid: { left: width === "wide" ? 150 : 112, right: 24, top: 40, bottom: 52 },
        ...legend(width, kinds),
        yAxis: namesAxis(
          width,
          shown.map(({ name }) => (width === "wide" ? name : name.replace(": ", ":\n"))),
        ),
        xAxis: shareAxis(width, "share of accounts, share of matching", { ...shareScale(1) }),
        series: [part("above", COLOURS.human, width), part("below", COLOURS.faint, width)],
      }),
      columns: [
        "class",
        "accounts_above",
        "accounts_below",
        "donated_above",
        "donated_below",
        "matched_above",
        "matched_below",
      ],
      rows: [
        ["flagged", ...both(gate.flaggedAbove, gate.flaggedBelow)],
        ["others", ...both(gate.othersAbove, gate.othersBelow)],
      ],
    },
  ];
}

type Cell = NonNullable<RoundResult["gate"]>["flaggedAbove"];
const both = (above: Cell, below: Cell): (number | "")[] =>
  (["accounts", "donated", "matched"] as const).flatMap((what) => [above[what] ?? "", below[what] ?? ""]);
