/** A value of a column: text, number, flag, or nothing. */
export type CopyValue = string | number | boolean | null;

const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A field of COPY's text format. */
function field(value: CopyValue): string {
  if (value === null) return "\\N";
  if (typeof value === "boolean") return value ? "t" : "f";
  if (typeof value === "number") return String(value);
  return SPECIAL.test(value) ? value.replaceAll(/[\\\n\r\t]/g, (character) => ESCAPES[character] as string) : value;
}

/** Rows of one table in COPY's text format, collected until they are worth a statement. */
export class CopyRows {
  readonly table: string;
  readonly columns: readonly string[];
  #text: string[] = [];
  #length = 0;

  constructor(table: string, columns: readonly string[]) {
    this.table = table;
    this.columns = columns;
  }

  add(values: readonly CopyValue[]): void {
    let line = "";
    for (let at = 0; at < values.length; at++) line += (at === 0 ? "" : "\t") + field(values[at] as CopyValue);
    this.#text.push(line);
    this.#length += line.length + 1;
  }

  /** Roughly how many bytes wait. */
  get waiting(): number {
    return this.#length;
  }

  take(): Buffer {
    const bytes = Buffer.from(this.#text.length === 0 ? "" : `${this.#text.join("\n")}\n`);
    [this.#text, this.#length] = [[], 0];
    return bytes;
  }

  /** `table (columns)`, for a COPY statement. */
  get target(): string {
    return `${this.table} (${this.columns.join(", ")})`;
  }
}
