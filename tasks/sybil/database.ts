import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { passportReader } from "../../src/bin/sybil/round-passports.js";
import { DomainError } from "../../src/shared/errors.js";
import { Secret } from "../../src/shared/secret.js";
import type { ReadPassports } from "../../src/sybil/round/passports.js";
import { optional } from "../options.js";
import { secretVariable } from "../variables.js";

export const DATABASE_OPTION = optional("database", "The postgres:// URL of the database that workers share");

/** The URL of a server that was typed. */
export function serverUrl(text: string, name: string): Secret {
  if (/^postgres(ql)?:\/\//.test(text)) return new Secret(text);
  throw new DomainError("tasks/bad-choice", `${name} must be a postgres:// URL.`, { name });
}

/** The server of the variable DATABASE_URL. */
export const serverOfVariable = async (hre: HardhatRuntimeEnvironment): Promise<Secret> =>
  serverUrl((await secretVariable(hre, "DATABASE_URL")).expose(), "DATABASE_URL");

/** Reads the passports of a round whose document names a database. */
export const roundPassports = (hre: HardhatRuntimeEnvironment): ReadPassports =>
  passportReader(() => serverOfVariable(hre));
