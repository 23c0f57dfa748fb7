// Columns of a feature table as a model reads them: standardised, with what is unknown at the mean and a column that says so.
import type { FeatureTable } from "../features/feature-table.js";

/** Accounts whose class is known, and what each of them weighs. */
export interface Training {
  /** Rows of the feature table. */
  readonly rows: Uint32Array;
  /** 1 is a Sybil, 0 a person. */
  readonly outcomes: Uint8Array;
  /** Sum to 1. */
  readonly weights: Float64Array;
  /** Rows of one group are never on both sides of a split. */
  readonly groups: Int32Array;
}

/** One column of a model. */
export interface Term {
  readonly feature: string;
  /** The value of the feature, or whether it is unknown (1 or 0). */
  readonly kind: "value" | "missing";
  readonly scale: "linear" | "log";
  /** Over the training rows; the standard deviation is after unknown values were put at the mean. */
  readonly mean: number;
  readonly deviation: number;
  /** The column holds 0 and 1 only. */
  readonly binary: boolean;
}

/** The number that a term takes from a value of its feature, before standardising; NaN is unknown. */
export function termValue({ kind, scale }: Pick<Term, "kind" | "scale">, value: number): number {
  if (kind === "missing") return Number.isNaN(value) ? 1 : 0;
  return scale === "log" ? Math.log1p(Math.max(0, value)) : value;
}

/** The same, standardised. */
export function standardised(term: Term, value: number): number {
  const read = termValue(term, value);
  return Number.isNaN(read) ? 0 : (read - term.mean) / term.deviation;
}

/** Terms of those of the features `names` that vary over the training rows; features unknown in the same rows share one indicator. */
export function chooseTerms(table: FeatureTable, names: readonly string[], training: Training): Term[] {
  const patterns = new Set<string>();
  return names.flatMap((feature) => {
    const column = table.columns.get(feature);
    const spec = table.specs.find(({ name }) => name === feature);
    if (column === undefined || spec === undefined) return [];
    const values = Float64Array.from(training.rows, (row) => column[row] as number);
    const candidates: Term[] = [describe(feature, "value", spec.scale, values, training.weights)];
    if (values.some(Number.isNaN)) {
      const pattern = Array.from(values, (value) => (Number.isNaN(value) ? "1" : "0")).join("");
      if (!patterns.has(pattern)) candidates.push(describe(feature, "missing", "linear", values, training.weights));
      patterns.add(pattern);
    }
    return candidates.filter(({ deviation, mean }) => deviation > 1e-9 * (1 + Math.abs(mean)));
  });
}

function describe(
  feature: string,
  kind: Term["kind"],
  given: Term["scale"],
  values: Float64Array,
  weights: Float64Array,
): Term {
  const binary = kind === "missing" || values.every((value) => value === 0 || value === 1 || Number.isNaN(value));
  // A logarithm of 0 and 1 is 0 and another number: nothing gained, and the coefficient would be of no unit.
  const scale = binary ? "linear" : given;
  const read = values.map((value) => termValue({ kind, scale }, value));
  let [known, sum] = [0, 0];
  read.forEach((value, at) => {
    if (Number.isNaN(value)) return;
    known += weights[at] as number;
    sum += (weights[at] as number) * value;
  });
  const mean = known === 0 ? 0 : sum / known;
  const squares = read.reduce(
    (total, value, at) => (Number.isNaN(value) ? total : total + (weights[at] as number) * (value - mean) ** 2),
    0,
  );
  return { feature, kind, scale, mean, deviation: Math.sqrt(squares), binary };
}

/** The standardised columns of the terms, over the given rows. */
export function designColumns(table: FeatureTable, terms: readonly Term[], rows: Uint32Array): Float64Array[] {
  return terms.map((term) => {
    const column = table.columns.get(term.feature);
    return Float64Array.from(rows, (row) => standardised(term, column === undefined ? NaN : (column[row] as number)));
  });
}
