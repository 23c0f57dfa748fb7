import { ArgumentType } from "hardhat/types/arguments";

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
export const DEPLOYMENT_OPTION = optional("deploymentId", "The deployment's folder (default: chain-<chain id>)");

/** An option that the task cannot do without: Hardhat knows optional ones only. */
export function required<T>(value: T | undefined, option: string): T {
  if (value === undefined)
    throw new DomainError("tasks/missing-option", `The option ${option} is missing.`, { option });
  return value;
}
