// Conditions that a community writes: comparisons of features with AND and OR. They are data; nothing of them is ever executed.
import type { CanonicalValue } from "../../shared/canonical-json.js";
import type { DocumentReader } from "../../shared/document.js";
import { isFeatureName } from "../features/catalogue.js";
import type { FeatureReader } from "./rule.js";

/** Comparison of a value with a bound; with an unknown value none of them holds. */
const COMPARISONS = {
  atLeast: (value: number, bound: number) => value >= bound,
  atMost: (value: number, bound: number) => value <= bound,
  above: (value: number, bound: number) => value > bound,
  below: (value: number, bound: number) => value < bound,
  equals: (value: number, bound: number) => value === bound,
} as const;
type Comparison = keyof typeof COMPARISONS;
const NAMES = Object.keys(COMPARISONS) as Comparison[];

export type Condition =
  | { readonly kind: "compare"; readonly feature: string; readonly comparison: Comparison; readonly bound: number }
  | { readonly kind: "known"; readonly feature: string; readonly known: boolean }
  | { readonly kind: "all" | "any"; readonly parts: readonly Condition[] };

/** Deeper ones are refused: nobody reads them. */
const DEEPEST = 8;
const MOST_PARTS = 50;

/**
 * Reads `{"feature", "atLeast" | "atMost" | "above" | "below" | "equals": number}`, `{"feature", "known": boolean}`,
 * `{"all": [...]}` or `{"any": [...]}`; faults are the reader's.
 */
export function parseCondition<Code extends string>(
  reader: DocumentReader<Code>,
  value: unknown,
  path: string,
  depth = 1,
): Condition {
  const record = reader.record(value, path);
  if (depth > DEEPEST) reader.fail(path, `is more than ${DEEPEST} deep`);
  for (const kind of ["all", "any"] as const) {
    if (!Object.hasOwn(record, kind)) continue;
    const parts = reader.array(reader.object(value, path, [kind])[kind], `${path}.${kind}`);
    if (parts.length === 0 || parts.length > MOST_PARTS) {
      reader.fail(`${path}.${kind}`, `must have 1 to ${MOST_PARTS} conditions`);
    }
    return { kind, parts: parts.map((part, at) => parseCondition(reader, part, `${path}.${kind}[${at}]`, depth + 1)) };
  }
  const object = reader.object(value, path, ["feature"], [...NAMES, "known"]);
  const feature = reader.string(object.feature, `${path}.feature`);
  if (!isFeatureName(feature)) reader.fail(`${path}.feature`, `"${feature}" is no feature`);
  const others = Object.keys(object).filter((member) => member !== "feature");
  if (others.length !== 1) reader.fail(path, "must have exactly one comparison");
  const comparison = others[0] as Comparison | "known";
  if (comparison === "known") {
    return { kind: "known", feature, known: reader.boolean(object.known, `${path}.known`) };
  }
  return {
    kind: "compare",
    feature,
    comparison,
    bound: parseFigure(reader, object[comparison], `${path}.${comparison}`),
  };
}

/** A finite number, or one as a decimal string. */
export function parseFigure<Code extends string>(reader: DocumentReader<Code>, value: unknown, path: string): number {
  const figure = typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof figure !== "number" || !Number.isFinite(figure)) reader.fail(path, "is not a number");
  return figure as number;
}

export function holds(condition: Condition, value: FeatureReader): boolean {
  switch (condition.kind) {
    case "compare":
      return COMPARISONS[condition.comparison](value(condition.feature), condition.bound);
    case "known":
      return Number.isNaN(value(condition.feature)) !== condition.known;
    case "all":
      return condition.parts.every((part) => holds(part, value));
    case "any":
      return condition.parts.some((part) => holds(part, value));
  }
}

export function featuresOf(condition: Condition): readonly string[] {
  if ("feature" in condition) return [condition.feature];
  return [...new Set(condition.parts.flatMap(featuresOf))];
}

/** As a document that has one spelling. */
export function printCondition(condition: Condition): CanonicalValue {
  switch (condition.kind) {
    case "compare":
      return { feature: condition.feature, [condition.comparison]: String(condition.bound) };
    case "known":
      return { feature: condition.feature, known: condition.known };
    case "all":
    case "any":
      return { [condition.kind]: condition.parts.map(printCondition) };
  }
}
