import { DomainError } from "../../src/shared/errors.js";
import { Secret } from "../../src/shared/secret.js";
import { optional } from "../options.js";

export const DATABASE_OPTION = optional("database", "The postgres:// URL of the database that workers share");

/** The URL of a server that was typed. */
export function serverUrl(text: string, name: string): Secret {
  if (/^postgres(ql)?:\/\//.test(text)) return new Secret(text);
  throw new DomainError("tasks/bad-choice", `${name} must be a postgres:// URL.`, { name });
}
