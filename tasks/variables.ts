import { configVariable } from "hardhat/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { DomainError } from "../src/shared/errors.js";
import { Secret } from "../src/shared/secret.js";

/** A secret by name: from the environment, else from Hardhat's keystore. */
export async function secretVariable(hre: HardhatRuntimeEnvironment, name: string): Promise<Secret> {
  const found = await findSecretVariable(hre, name);
  if (found !== undefined) return found;
  const message = `${name} is not set: put it into the environment, or run \`hardhat keystore set ${name}\`.`;
  throw new DomainError("tasks/missing-variable", message, { name });
}

/** The same, absent when neither has it. */
export async function findSecretVariable(hre: HardhatRuntimeEnvironment, name: string): Promise<Secret | undefined> {
  const given = process.env[name];
  if (given !== undefined && given !== "") return new Secret(given);
  const nothing = "";
  const value = await hre.hooks.runHandlerChain(
    "configurationVariables",
    "fetchValue",
    [configVariable(name, { default: nothing })],
    () => Promise.resolve(nothing),
  );
  return value === nothing ? undefined : new Secret(value);
}
