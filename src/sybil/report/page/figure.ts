import { drawForPage, type Plot } from "../plots/chart.js";
import { html, Markup, table } from "./markup.js";

/** Rows of a plot's data that the page itself shows; the CSV file has all. */
const MOST_ROWS = 60;

/** A plot with its title, what there is to see, and its data as a table. */
export function figure(plot: Plot): Markup {
  const rows = plot.rows.slice(0, MOST_ROWS).map((row) => row.map(shown));
  const rest = plot.rows.length - rows.length;
  const more = rest > 0 ? ` The first ${rows.length} of ${plot.rows.length} rows.` : "";
  return html`<figure id="${plot.id}">
    <h3>${plot.title}</h3>
    <figcaption>${plot.description}</figcaption>
    <div class="wide">${new Markup(drawForPage(plot, "wide"))}</div>
    <div class="narrow">${new Markup(drawForPage(plot, "narrow"))}</div>
    <details>
      <summary>The figures of this plot</summary>
      <p class="soft">${more} All are in <code>plots/${plot.id}.csv</code>.</p>
      ${table(
        `Figures of the plot: ${plot.title}`,
        plot.columns.map((column) => column.replaceAll("_", " ")),
        rows,
      )}
    </details>
  </figure> `;
}

const shown = (value: string | number): string | number =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
