import type { RoundResult } from "../result.js";
import { fontSize, legend, legendSeries, namesAxis, valueAxis } from "./axes.js";
import { WIDTHS, type Plot, type Width } from "./chart.js";
import { COLOURS } from "./palette.js";

/** Clusters that are drawn, and dots that a picture has at most. */
const MOST_CLUSTERS = 24;
const MOST_DOTS = 2_400;
const KINDS = [
  { name: "flagged", colour: COLOURS.flagged },
  { name: "not flagged", colour: COLOURS.other },
];

interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly dots: readonly { readonly x: number; readonly y: number; readonly flagged: boolean }[];
  readonly label: string;
}

/** Dots of a disc as seeds lie in a sunflower (Vogel 1979): evenly, whatever their number. */
function sunflower(count: number, gap: number): [x: number, y: number][] {
  const golden = Math.PI * (3 - Math.sqrt(5));
  return Array.from({ length: count }, (_, at) => {
    const radius = gap * Math.sqrt(at + 0.5);
    return [radius * Math.cos(at * golden), radius * Math.sin(at * golden)];
  });
}

/** Discs side by side in rows, the largest first; returns the height that they take. */
function layOut(
  clusters: RoundResult["accounts"]["clusters"],
  width: Width,
  perDot: number,
): { discs: Disc[]; height: number } {
  const gap = width === "wide" ? 4.6 : 3.9;
  const [top, margin, text] = [40, 12, 26];
  let [x, y, rowHeight] = [margin, top, 0];
  const discs = clusters.map(({ cluster, size, flagged }): Disc => {
    const dots = Math.max(1, Math.round(size / perDot));
    const radius = Math.max(17, gap * Math.sqrt(dots) + 5);
    if (x + 2 * radius > WIDTHS[width] - margin && x > margin) {
      x = margin;
      y += rowHeight;
      rowHeight = 0;
    }
    const centre = { x: x + radius, y: y + radius };
    x += 2 * radius + (width === "wide" ? 14 : 8);
    rowHeight = Math.max(rowHeight, 2 * radius + text);
    const marked = Math.round((dots * flagged) / size);
    return {
      ...centre,
      radius,
      label: `${cluster}: ${size}`,
      dots: sunflower(dots, gap).map(([dx, dy], at) => ({ x: centre.x + dx, y: centre.y + dy, flagged: at < marked })),
    };
  });
  return { discs, height: Math.ceil(y + rowHeight + 8) };
}

/** The largest clusters, a dot for each account. */
export function clustersPlot({ accounts }: RoundResult): Plot[] {
  if (accounts.clusters.length === 0) return [];
  const shown = accounts.clusters.slice(0, MOST_CLUSTERS);
  const perDot = Math.max(1, Math.ceil(shown.reduce((sum, { size }) => sum + size, 0) / MOST_DOTS));
  const drawn = { wide: layOut(shown, "wide", perDot), narrow: layOut(shown, "narrow", perDot) };
  const unit = perDot === 1 ? "Each dot is an account" : `Each dot is ${perDot} accounts`;
  const rest = accounts.clusters.length - shown.length;
  return [
    {
      id: "clusters",
      title: "Clusters with flagged accounts",
      description: `${unit}, each disc a cluster of accounts that at least two independent signs connect, with its number of accounts. ${
        rest === 0
          ? "All clusters with a flagged account are shown."
          : `The ${shown.length} largest are shown; ${rest} more are in the tables.`
      }`,
      height: { wide: drawn.wide.height, narrow: drawn.narrow.height },
      option: (width) => {
        const { discs, height } = drawn[width];
        const hidden = { show: false, type: "value", min: 0 };
        return {
          grid: { left: 0, right: 0, top: 0, bottom: 0 },
          ...legend(width, KINDS),
          xAxis: { ...hidden, max: WIDTHS[width] },
          yAxis: { ...hidden, max: height, inverse: true },
          series: [
            ...legendSeries(KINDS),
            {
              type: "custom",
              silent: true,
              data: discs.map((_, at) => [at]),
              renderItem: ({ dataIndex }: { dataIndex: number }) => discPicture(discs[dataIndex] as Disc, width),
            },
          ],
        };
      },
      columns: ["cluster", "accounts", "flagged", "reasons", "projects"],
      rows: accounts.clusters.map(({ cluster, size, flagged, reasons, topProjects }) => [
        cluster,
        size,
        flagged,
        reasons.map(({ reason, accounts: count }) => `${reason} ${count}`).join("; "),
        topProjects.map(({ project, donors }) => `${project} ${donors}`).join("; "),
      ]),
    },
  ];
}

function discPicture({ x, y, radius, dots, label }: Disc, width: Width) {
  const ring = {
    type: "circle",
    shape: { cx: x, cy: y, r: radius },
    style: { fill: "none", stroke: COLOURS.grid, lineWidth: 1.5 },
  };
  // Two paths instead of a circle a dot: a page with thousands of dots stays small.
  const paths = [true, false].flatMap((flagged) => {
    const own = dots.filter((dot) => dot.flagged === flagged);
    if (own.length === 0) return [];
    const r = width === "wide" ? 2.6 : 2.2;
    const circle = (dot: { x: number; y: number }) =>
      `M${(dot.x - r).toFixed(1)} ${dot.y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
    return [
      {
        type: "path",
        shape: { pathData: own.map(circle).join("") },
        style: { fill: flagged ? COLOURS.flagged : COLOURS.other },
      },
    ];
  });
  const style = {
    text: label,
    x,
    y: y + radius + 4,
    align: "center",
    verticalAlign: "top",
    fill: COLOURS.soft,
    fontSize: fontSize(width) - 2,
  };
  return { type: "group", children: [ring, ...paths, { type: "text", style }] };
}

/** How sure the analysis is: donors by tenths of probability. */
export function probabilitiesPlot({ accounts, round }: RoundResult): Plot[] {
  const total = accounts.probabilities.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const label = (at: number) => `${at * 10}–${(at + 1) * 10} %`;
  const colour = (at: number) => ((at + 1) / 10 > round.flagFrom + 1e-9 ? COLOURS.flagged : COLOURS.other);
  return [
    {
      id: "probabilities",
      title: "How sure the analysis is",
      description: `Number of donors by tenths of the probability of being a Sybil. From ${round.flagFrom * 100} % on an account is flagged.`,
      height: { wide: 300, narrow: 280 },
      option: (width) => ({
        grid: { left: width === "wide" ? 66 : 52, right: 12, top: 44, bottom: width === "wide" ? 52 : 72 },
        ...legend(width, KINDS),
        xAxis: namesAxis(
          width,
          accounts.probabilities.map((_, at) => label(at)),
          {
            name: "probability of being a Sybil",
            nameGap: width === "wide" ? 30 : 50,
            axisLabel: { rotate: width === "wide" ? 0 : 45 },
          },
        ),
        yAxis: valueAxis(width, "donors", {}, width === "wide" ? 50 : 38),
        series: [
          ...legendSeries(KINDS),
          {
            type: "bar",
            silent: true,
            barCategoryGap: "18%",
            data: accounts.probabilities.map((value, at) => ({
              value,
              itemStyle: { color: colour(at), borderRadius: [3, 3, 0, 0] },
            })),
            label: { show: true, position: "top", color: COLOURS.soft, fontSize: fontSize(width) - 1 },
          },
        ],
      }),
      columns: ["probability_from", "probability_to", "donors"],
      rows: accounts.probabilities.map((count, at) => [at / 10, (at + 1) / 10, count]),
    },
  ];
}
