import { escapeXml } from "../plots/chart.js";

/** HTML that is safe to put into a page as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

type Value = string | number | Markup | undefined | readonly Value[];

const textOf = (value: Value): string => {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(textOf).join("");
  return escapeXml(String(value));
};

/** A template whose values are escaped, unless they are markup; lists are joined, and undefined is nothing. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup =>
  new Markup(parts.reduce((text, part, at) => text + textOf(values[at - 1]) + part));

/** A table; numbers stand to the right. `caption` is for those who hear it. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number | Markup)[])[],
  className = "",
): Markup {
  const right = columns.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^[^a-z]*$/i.test(textOf(row[at]).slice(0, 40))),
  );
  const cell = (value: string | number | Markup, at: number) =>
    html`<td${right[at] === true ? new Markup(' class="n"') : ""}>${value}</td>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="${className}">
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column, at) => html`<th scope="col" ${right[at] === true ? new Markup(' class="n"') : ""}>${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
