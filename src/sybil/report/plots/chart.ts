// Charts as SVG text, without a browser: ECharts in its server mode. The same options give the same text.
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent } from "echarts/components";
import { init, setPlatformAPI, use, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import { COLOURS, withVariables } from "./palette.js";

use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

/** Width of a letter in units of the font's size. */
export const LETTER = 0.6;

// Which font a reader has is not known here: every letter is taken for a wide one, so that nothing overlaps.
setPlatformAPI({
  measureText: (text: string, font = "12px") => {
    const size = Number(/(\d+(?:\.\d+)?)px/.exec(font)?.[1] ?? 12);
    // Letters beyond Latin are as wide as high; the library takes one of them for the height of a line.
    const width = [...text].reduce((sum, letter) => sum + (letter > "\u00ff" ? 1 : LETTER), 0);
    return { width: width * size };
  },
});

/** How wide a chart is drawn: for a page, and for a telephone. */
export const WIDTHS = { wide: 760, narrow: 360 } as const;
export type Width = keyof typeof WIDTHS;

/** One plot: its picture for both widths, and its data. */
export interface Plot {
  /** Of its files. */
  readonly id: string;
  readonly title: string;
  /** What there is to see, in a sentence or two. */
  readonly description: string;
  readonly height: Readonly<Record<Width, number>>;
  readonly option: (width: Width) => EChartsCoreOption;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** A plot as a document of its own, in the colours of a light page. */
export function drawPlot(plot: Plot, width: Width = "wide"): string {
  const size = { width: WIDTHS[width], height: plot.height[width] };
  const chart = init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: COLOURS.paper,
      textStyle: { fontFamily: FONT },
      ...plot.option(width),
    });
    return describe(chart.renderToSVGString({ useViewBox: true }), plot, width);
  } finally {
    chart.dispose();
  }
}

/** The same for a page: its colours follow the page. */
export const drawForPage = (plot: Plot, width: Width): string => withVariables(drawPlot(plot, width));

/** Names the picture for those who do not see it, and takes out what differs from run to run or is for a mouse. */
function describe(svg: string, { id, title, description }: Plot, width: Width): string {
  const [label, text] = [`${id}-${width}-title`, `${id}-${width}-desc`];
  const named = svg
    .replace(/<style\s*>[\s\S]*?<\/style>\s*/g, "")
    .replace(/ class="zr\d+-cls-\d+"/g, "")
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, "")
    .replace(/ pointer-events="visible"/g, "")
    .replace(/zr\d+-/g, `${id}-${width}-`)
    .replace(/^<svg width="\d+" height="\d+"/, "<svg")
    .replace("<svg", `<svg role="img" aria-labelledby="${label} ${text}"`);
  const heading = `<title id="${label}">${escapeXml(title)}</title><desc id="${text}">${escapeXml(description)}</desc>`;
  return named.replace(/^(<svg[^>]*>)/, `$1\n${heading}`);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Text for XML and HTML, in elements and in quoted attributes. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
