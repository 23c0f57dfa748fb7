import type { Interface, Provider, Result, TransactionRequest } from "ethers";

/** What a refused transaction answered: the custom error's name and arguments, decoded. */
export interface Refusal {
  readonly name: string;
  readonly text: string;
}

/** Nodes wrap revert data differently; it is the one hex string of at least a selector called `data`. */
function revertData(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > 6) return undefined;
  const { data } = error as { data?: unknown };
  if (typeof data === "string" && /^0x[0-9a-f]{8,}$/i.test(data)) return data;
  for (const key of ["data", "error", "info", "cause"]) {
    const found = revertData((error as Record<string, unknown>)[key], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function show(result: Result): string {
  return result.map((value: unknown) => (typeof value === "bigint" ? value.toString() : String(value))).join(", ");
}

/** Calls without sending; returns the refusal, or undefined when the call would have gone through. */
export async function refusalOf(
  provider: Provider,
  transaction: TransactionRequest,
  interfaces: readonly Interface[],
): Promise<Refusal | undefined> {
  try {
    await provider.call(transaction);
    return undefined;
  } catch (error) {
    const data = revertData(error);
    if (data === undefined) throw error;
    for (const candidate of interfaces) {
      const parsed = candidate.parseError(data);
      if (parsed !== null) return { name: parsed.name, text: `${parsed.name}(${show(parsed.args)})` };
    }
    return { name: data.slice(0, 10), text: data };
  }
}
