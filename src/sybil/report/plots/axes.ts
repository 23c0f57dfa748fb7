// Axes and series that several plots have.
import type { EChartsCoreOption } from "echarts/core";

import { LETTER, type Width } from "./chart.js";
import { COLOURS } from "./palette.js";

export const fontSize = (width: Width): number => (width === "wide" ? 13 : 11);

/** How numbers are written: thousands apart, as few digits as tell them apart. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))} k`;
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(2)));
}

export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)} %`;

/** The end of an axis of shares that shows a share of `most`, and the steps to it. */
export function shareScale(most: number): { readonly min: 0; readonly max: number; readonly interval: number } {
  const interval = [0.01, 0.02, 0.05, 0.1, 0.2].find((step) => most <= 5 * step) ?? 0.2;
  return { min: 0, max: Math.min(1, Math.max(1, Math.ceil(most / interval - 1e-9)) * interval), interval };
}

/** Cuts a label that would not fit in its middle: what tells `…Gte#10` from `…Gte#100` is at the end. */
export function cut(text: string, most: number): string {
  const end = Math.floor(most / 3);
  return text.length <= most ? text : `${text.slice(0, most - end - 1)}…${text.slice(-end)}`;
}

const base = (width: Width) => ({
  axisLine: { lineStyle: { color: COLOURS.faint } },
  axisTick: { show: false },
  axisLabel: { color: COLOURS.soft, fontSize: fontSize(width), hideOverlap: true },
  splitLine: { lineStyle: { color: COLOURS.grid } },
  nameLocation: "middle",
  nameTextStyle: { color: COLOURS.soft, fontSize: fontSize(width) },
});

/** An axis of numbers; `name` is its title with its unit. */
export const valueAxis = (width: Width, name: string, more: object = {}, gap = 32) => {
  const { axisLabel = {}, ...rest } = more as { axisLabel?: object };
  const axis = base(width);
  return {
    type: "value",
    splitNumber: width === "wide" ? 5 : 3,
    name,
    nameGap: gap,
    ...axis,
    axisLabel: { ...axis.axisLabel, ...axisLabel },
    ...rest,
  };
};

/** An axis of names, each with its label. */
export const namesAxis = (width: Width, labels: readonly string[], more: object = {}) => {
  const { axisLabel = {}, ...rest } = more as { axisLabel?: object };
  const axis = base(width);
  return {
    type: "category",
    data: [...labels],
    ...axis,
    axisLabel: { ...axis.axisLabel, hideOverlap: false, interval: 0, color: COLOURS.ink, ...axisLabel },
    splitLine: { show: false },
    ...rest,
  };
};

export const shareAxis = (width: Width, name: string, more: object = {}, gap = 32) =>
  valueAxis(
    width,
    name,
    { min: 0, axisLabel: { formatter: (value: number) => `${Number((value * 100).toFixed(1))} %` }, ...more },
    gap,
  );

export const legend = (width: Width, entries: readonly { name: string; colour: string }[], more: object = {}) => ({
  legend: {
    data: entries.map(({ name, colour }) => ({ name, icon: "circle", itemStyle: { color: colour } })),
    top: 0,
    left: 0,
    itemWidth: 12,
    itemHeight: 12,
    selectedMode: false,
    textStyle: { color: COLOURS.ink, fontSize: fontSize(width) },
    ...more,
  },
});

/** Series whose only use is to be named in a legend. */
export const legendSeries = (entries: readonly { name: string; colour: string }[]) =>
  entries.map(({ name, colour }) => ({
    type: "scatter",
    name,
    data: [],
    silent: true,
    itemStyle: { color: colour, opacity: 1 },
  }));

export interface Whisker {
  /** Position on the axis of names, or a value there. */
  readonly at: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly colour: string;
  /** Written beside the upper end. */
  readonly label?: string;
}

interface DrawApi {
  coord(point: readonly [number, number]): [number, number];
}

/** A dot with its interval for each entry, along the horizontal or the vertical axis. */
export function whiskers(entries: readonly Whisker[], along: "x" | "y", width: Width): object {
  return {
    type: "custom",
    silent: true,
    clip: false,
    z: 5,
    data: entries.map(({ at, value, high, low }) => (along === "x" ? [value, at, low, high] : [at, value, low, high])),
    encode: along === "x" ? { x: [0, 2, 3], y: 1 } : { x: 0, y: [1, 2, 3] },
    renderItem: ({ dataIndex }: { dataIndex: number }, api: DrawApi) => {
      const entry = entries[dataIndex] as Whisker;
      const place = (value: number) => api.coord(along === "x" ? [value, entry.at] : [entry.at, value]);
      const [from, to, middle] = [place(entry.low), place(entry.high), place(entry.value)];
      const stroke = { stroke: entry.colour, lineWidth: 2, opacity: 0.75 };
      const [x, y] = to;
      const line = { type: "line", shape: { x1: from[0], y1: from[1], x2: x, y2: y }, style: stroke };
      const dot = { type: "circle", shape: { cx: middle[0], cy: middle[1], r: 5 }, style: { fill: entry.colour } };
      if (entry.label === undefined) return { type: "group", children: [line, dot] };
      const beside =
        along === "x"
          ? { x: x + 8, y, align: "left", verticalAlign: "middle" }
          : { x, y: y - 8, align: "center", verticalAlign: "bottom" };
      const style = { text: entry.label, ...beside, fill: COLOURS.soft, fontSize: fontSize(width) - 1 };
      return { type: "group", children: [line, dot, { type: "text", style }] };
    },
  };
}

/** Grid and axis of a plot with a row for each name, the first at the bottom; names are cut to what has room. */
export function namedRows(
  width: Width,
  names: readonly string[],
  { top, right }: { readonly top: number; readonly right: number },
  axis: object = {},
) {
  const labels = names.map((name) => cut(name, width === "wide" ? 30 : 18));
  const longest = Math.max(0, ...labels.map(({ length }) => length));
  const left = 16 + longest * fontSize(width) * LETTER;
  return { grid: { left, right, top, bottom: 52 }, yAxis: namesAxis(width, labels, axis) };
}

export type Option = EChartsCoreOption;
