import { DomainError } from "../../shared/errors.js";
import { parseDecimal } from "../../shared/decimal.js";

export const MANIFEST_FORMAT = "touchstone-allocation-v1";

/** What a deployment takes from a built list. */
export interface RatifiedList {
  /** Merkle root, 0x and 64 digits. */
  readonly root: string;
  /** SHA-256 of the ratified list's bytes, 0x and 64 digits. */
  readonly listHash: string;
  readonly count: number;
  /** Sum of all amounts, in wei. */
  readonly total: bigint;
}

/** Parses the `manifest.json` that `distribution build` wrote. Throws `deployment/bad-manifest`. */
export function parseManifest(text: string): RatifiedList {
  const { format, root, listHash, count, total, tree = "standard-v1" } = parseObject(text);
  if (format !== MANIFEST_FORMAT) throw bad(`"format" must be "${MANIFEST_FORMAT}"`);
  // Other trees have leaves that the distributor does not compute: it could pay nobody.
  if (tree !== "standard-v1" && tree !== "gtc-v1") throw bad(`the distributor does not read "${String(tree)}" trees`);
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1) throw bad('"count" must be at least 1');
  const sum = typeof total === "string" ? parseDecimal(total) : undefined;
  if (sum === undefined || sum === 0n) throw bad('"total" must be a positive number of wei as text');
  return { root: word(root, "root"), listHash: word(listHash, "listHash"), count, total: sum };
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DomainError("deployment/bad-manifest", "The list's manifest is not a JSON document.", {}, { cause });
  }
  if (typeof value !== "object" || value === null) throw bad("it must be an object");
  return value as Record<string, unknown>;
}

function word(value: unknown, field: string): string {
  const digits = typeof value === "string" ? value.replace(/^0x/, "") : "";
  if (!/^[0-9a-f]{64}$/.test(digits) || /^0+$/.test(digits)) throw bad(`"${field}" must be 32 bytes in hex`);
  return `0x${digits}`;
}

function bad(problem: string): DomainError {
  return new DomainError("deployment/bad-manifest", `The list's manifest cannot be used: ${problem}.`);
}
