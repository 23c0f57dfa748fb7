import { parseDecimal } from "../shared/decimal.js";

/** Not JSON, or JSON with a number that is not plain decimal digits. */
export class StrictJsonError extends Error {}

interface ReviverContext {
  readonly source?: string;
}

type SourceReviver = (key: string, value: unknown, context: ReviverContext) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses a body whose numbers are identifiers and times. `1.0`, `1e3` and `-0` parse to whole numbers that nobody wrote,
 * and 2^53 + 1 to its neighbour, so that whoever reads the text again would see another value: they are refused.
 */
export function parseStrictJson(body: Uint8Array): unknown {
  try {
    const text = utf8.decode(body);
    const parsed = JSON.parse(text) as unknown;
    // Asking every value for its source takes ten times as long as parsing, and most bodies hold no number at all.
    return holdsNumber(parsed) ? parseCarefully(text) : parsed;
  } catch (error) {
    if (error instanceof StrictJsonError) throw error;
    throw new StrictJsonError("the body is not JSON in UTF-8", { cause: error });
  }
}

function parseCarefully(text: string): unknown {
  return parseWithSource(text, (_key, value, { source }) => {
    if (typeof value !== "number") return value;
    if (parseDecimal(source ?? "") === undefined || !Number.isSafeInteger(value)) {
      throw new StrictJsonError(`the number ${source} is not written as plain digits`);
    }
    return value;
  });
}

function holdsNumber(value: unknown): boolean {
  if (typeof value === "number") return true;
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) ? value.some(holdsNumber) : Object.values(value).some(holdsNumber);
}
