import { DomainError } from "../../src/shared/errors.js";
import { readText } from "../files.js";

/** A file of rules as the service takes it, which also judges it. */
export async function readRules(file: string): Promise<unknown> {
  const text = await readText(file, "The file of rules");
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new DomainError("scoring/rules-malformed", `${file} is not a JSON document.`, { file }, { cause });
  }
}
