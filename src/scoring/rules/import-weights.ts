// Weight tables as the ecosystem publishes them: numbers beside strings, up to seventeen decimals, sometimes no threshold.
import { DocumentReader } from "../../shared/document.js";
import { DomainError } from "../../shared/errors.js";
import { parseRules } from "./parse-rules.js";
import { RULES_FORMAT, type ScorerRules } from "./scorer-rules.js";
import { exactDecimal, roundUpPoints, canonicalPoints, POINT, type Points } from "./points.js";

export interface ImportedWeights {
  readonly threshold: Points;
  readonly weights: ReadonlyMap<string, Points>;
  /** What differs from the table as written, for whoever imports it. */
  readonly notices: readonly string[];
}

export interface ImportOptions {
  /** `refuse` throws `scoring/off-grid` at the first fifth decimal; `round` says what it did. */
  readonly offGrid: "refuse" | "round";
}

const DEFAULT_THRESHOLD: Points = 20 * POINT;
const reader = new DocumentReader("scoring/weights-malformed");

/** A decimal in its shortest spelling, from a JSON number or a string. */
function decimalText(value: unknown, path: string): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : reader.fail(path, "is not a number");
  return reader.string(value, path, /^[0-9.e-]{1,60}$/);
}

/**
 * Rounds a table to the grid so that its sum stays what it was, to 1e-4: every weight is cut, and the units missing from the
 * sum go to those that lost most (ties by name).
 */
function largestRemainder(exact: ReadonlyMap<string, ReturnType<typeof exactDecimal>>): Map<string, Points> {
  const digits = Math.max(4, ...[...exact.values()].map((value) => value.digits));
  const rests = [...exact].map(([name, { rest, digits: own }]) => ({ name, rest: rest * 10n ** BigInt(digits - own) }));
  const unit = 10n ** BigInt(digits - 4);
  const missing = rests.reduce((sum, { rest }) => sum + rest, 0n);
  const units = Number((2n * missing + unit) / (2n * unit));
  rests.sort((a, b) => (a.rest === b.rest ? (a.name < b.name ? -1 : 1) : a.rest > b.rest ? -1 : 1));
  const raised = new Set(rests.slice(0, units).map(({ name }) => name));
  return new Map([...exact].map(([name, { whole }]) => [name, whole + (raised.has(name) ? 1 : 0)]));
}

function importThreshold(value: unknown, offGrid: ImportOptions["offGrid"], notices: string[]): Points {
  if (value === null || value === undefined) {
    notices.push(`the table has no threshold: ${canonicalPoints(DEFAULT_THRESHOLD)} is used`);
    return DEFAULT_THRESHOLD;
  }
  const text = decimalText(value, "threshold");
  const { points, rounded } = roundUpPoints(text);
  if (!rounded) return points;
  if (offGrid === "refuse") throw new DomainError("scoring/off-grid", `threshold ${text} has more than four decimals`);
  notices.push(`threshold ${text} was rounded up to ${canonicalPoints(points)}`);
  return points;
}

/** Reads `{threshold, weights}`; other members are left to the caller. */
export function importWeights(table: unknown, { offGrid }: ImportOptions): ImportedWeights {
  const { threshold, weights } = reader.record(table, "table");
  const notices: string[] = [];
  const exact = new Map(
    Object.entries(reader.record(weights, "weights")).map(([name, weight]) => {
      const text = decimalText(weight, `weights.${name}`);
      return [name, exactDecimal(text)] as const;
    }),
  );
  const off = [...exact].filter(([, { rest }]) => rest !== 0n);
  if (off.length > 0) {
    if (offGrid === "refuse") {
      throw new DomainError("scoring/off-grid", `${off.length} weights have more than four decimals`, {
        first: off[0]?.[0],
      });
    }
    notices.push(`${off.length} of ${exact.size} weights were rounded to four decimals; their sum is kept`);
  }
  return { threshold: importThreshold(threshold, offGrid, notices), weights: largestRemainder(exact), notices };
}

/** One published version of a table, and where it came from. */
export interface WeightVersion extends ImportedWeights {
  readonly commit: string;
  /** ISO date. */
  readonly date: string;
  readonly subject: string;
}

/** Reads a whole history: a list of `{commit, date, subject, threshold, n, sum, weights}`, `n` and `sum` being checked. */
export function importWeightHistory(history: unknown, options: ImportOptions): readonly WeightVersion[] {
  return reader.array(history, "history").map((value, index) => {
    const path = `history[${index}]`;
    const entry = reader.object(value, path, ["commit", "date", "subject", "threshold", "n", "sum", "weights"]);
    const imported = importWeights(entry, options);
    if (imported.weights.size !== entry.n)
      reader.fail(`${path}.n`, `says ${String(entry.n)}, not ${imported.weights.size}`);
    const sum = [...imported.weights.values()].reduce((total, weight) => total + weight, 0);
    const { points: declared } = roundUpPoints(decimalText(entry.sum, `${path}.sum`));
    if (Math.abs(sum - declared) > 1) reader.fail(`${path}.sum`, `the weights add up to ${canonicalPoints(sum)}`);
    return {
      ...imported,
      commit: reader.string(entry.commit, `${path}.commit`),
      date: reader.string(entry.date, `${path}.date`),
      subject: reader.string(entry.subject, `${path}.subject`),
    };
  });
}

/** The rules of a scorer that has an imported table and nothing else: no gate, no limits. */
export function importedRules({ threshold, weights }: ImportedWeights): ScorerRules {
  const texts = [...weights].map(([name, weight]) => [name, canonicalPoints(weight)] as const);
  return parseRules({
    format: RULES_FORMAT,
    threshold: canonicalPoints(threshold),
    weights: Object.fromEntries(texts),
  });
}
