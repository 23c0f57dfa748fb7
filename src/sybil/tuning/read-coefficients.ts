import path from "node:path";

import { SybilError } from "../errors.js";
import { numberOf, readTable } from "../tables/read-table.js";

export interface Model {
  readonly intercept: number;
  /** Without the stamps that have none (`NA`: collinear with others). */
  readonly coefficients: ReadonlyMap<string, number>;
  readonly missing: readonly string[];
}

/** Reads `Stamp,Logistic,Regularized` with a row `(Intercept)`; names may be wrapped in back-ticks. */
export async function readModels(file: string): Promise<{ readonly logistic: Model; readonly regularised: Model }> {
  const columns = ["Stamp", "Logistic", "Regularized"] as const;
  const models = [1, 2].map(() => ({ coefficients: new Map<string, number>(), missing: [] as string[] }));
  const seen = new Map<string, number>();
  for await (const { line, cells } of readTable(file, columns)) {
    const stamp = (cells[0] as string).replace(/^`(.*)`$/, "$1");
    const before = seen.get(stamp);
    if (before !== undefined) {
      const what = `${stamp} stands in line ${before} too`;
      throw new SybilError("sybil/duplicate-row", `${path.basename(file)}, line ${line}: ${what}`);
    }
    seen.set(stamp, line);
    models.forEach(({ coefficients, missing }, at) => {
      const place = { file, line, column: columns[at + 1] as string };
      const value = numberOf(cells[at + 1] as string, place, "NA");
      if (value === undefined) missing.push(stamp);
      else coefficients.set(stamp, value);
    });
  }
  const [logistic, regularised] = models.map(({ coefficients, missing }): Model => {
    const intercept = coefficients.get("(Intercept)");
    if (intercept === undefined) {
      throw new SybilError("sybil/bad-table", `${path.basename(file)} has no row (Intercept)`);
    }
    coefficients.delete("(Intercept)");
    return { intercept, coefficients, missing };
  });
  return { logistic: logistic as Model, regularised: regularised as Model };
}
