import { isContractsFault } from "../contract-fault.js";

/** One thing that was checked. `id` is stable; `actual` is what the chain says. */
export interface Finding {
  readonly id: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly actual: string;
}

/** A finding that two values are the same; addresses and numbers come in one spelling. */
export function equal(id: string, expected: string | bigint, actual: string | bigint): Finding {
  return { id, ok: expected === actual, expected: String(expected), actual: String(actual) };
}

/** A finding that a statement holds. */
export function holds(id: string, ok: boolean, expected: string, actual: string): Finding {
  return { id, ok, expected, actual };
}

/** A finding that two sets of addresses are the same. */
export function sameSet(id: string, expected: readonly string[], actual: readonly string[]): Finding {
  const spell = (set: readonly string[]) => [...set].sort().join(", ") || "nobody";
  return equal(id, spell(expected), spell(actual));
}

/** A finding about a number that governance may set: as the parameters say when they are at hand, else sane. */
export function setting(id: string, actual: bigint, expected: bigint | number | undefined, sane: boolean): Finding {
  if (expected !== undefined) return equal(id, BigInt(expected), actual);
  return holds(id, sane, "a possible value", String(actual));
}

/**
 * Runs checks that read a contract. When what is at the address is no such contract, its calls revert or answer nonsense:
 * that is a finding too. A node that cannot be reached is not.
 */
export async function readable(name: string, checks: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await checks();
  } catch (error) {
    if (!isContractsFault(error)) throw error;
    return [holds(`${name}/contract`, false, "a contract of ours", "one that does not answer like it")];
  }
}
