import { getAddress } from "ethers";
import { ArgumentType } from "hardhat/types/arguments";

import { parseDecimal } from "../src/shared/decimal.js";
import { DomainError } from "../src/shared/errors.js";

/** An option that has no default: absent is `undefined`. */
export const optional = <const Name extends string>(name: Name, description: string) =>
  ({ name, description, type: ArgumentType.STRING_WITHOUT_DEFAULT, defaultValue: undefined }) as const;

export const JSON_FLAG = { name: "json", description: "Print one JSON document instead of text" } as const;
export const DRY_RUN_FLAG = {
  name: "dryRun",
  description: "Print and simulate what would be sent, send nothing",
} as const;
export const FROM_OPTION = optional("from", "The sending account, one of the network's (default: its first)");
export const GOVERNOR_OPTION = optional("governor", "The governor's address (default: the deployed one)");
export const REGISTRY_OPTION = optional("registry", "The registry's address (default: the deployed one)");
export const DEPLOYMENT_OPTION = optional("deploymentId", "The deployment's folder (default: chain-<chain id>)");

/** An option that the task cannot do without: Hardhat knows optional ones only. */
export function required<T>(value: T | undefined, option: string): T {
  if (value === undefined)
    throw new DomainError("tasks/missing-option", `The option ${option} is missing.`, { option });
  return value;
}

/** An address that was typed, in EIP-55 form. */
export function checkedAddress(text: string): string {
  try {
    return getAddress(text);
  } catch (cause) {
    throw new DomainError("tasks/bad-address", `"${text}" is not an address.`, { text }, { cause });
  }
}

/** A decimal number that was typed; `option` names it in the message. */
export function parseNumber(text: string, option: string): bigint {
  const number = parseDecimal(text);
  if (number !== undefined) return number;
  throw new DomainError("tasks/bad-number", `${option} must be a decimal number, not "${text}".`, { option });
}

/** A chance above 0 that was typed as a decimal, `--phi`. */
export function parsePhi(text: string): number {
  if (/^(0\.\d+|1)$/.test(text)) return Number(text);
  throw new DomainError("tasks/bad-number", `--phi must be a decimal such as 0.2, not "${text}".`, { option: "--phi" });
}

/** A word that was typed and must be one of a few. */
export function oneOf<Choice extends string>(
  choices: readonly Choice[],
  text: string | undefined,
  option: string,
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new DomainError("tasks/bad-choice", `${option} must be one of ${choices.join(", ")}.`, { option, text });
}
