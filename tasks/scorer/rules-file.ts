import { importedRules, importWeightHistory } from "../../src/scoring/rules/import-weights.js";
import { parseVersion, type ProposedVersion } from "../../src/scoring/rules/version-document.js";
import { rulesDocument } from "../../src/scoring/rules/scorer-rules.js";
import { DomainError } from "../../src/shared/errors.js";
import { readText } from "../files.js";

/** A version to be made. */
export interface RulesVersion {
  readonly rules: unknown;
  readonly reason: string;
  /** What differs from the file as written. */
  readonly notices: readonly string[];
}

/** A file of rules as the service takes it, which also judges it; of a proposed version its rules. */
export const readRules = async (file: string): Promise<unknown> => (await readVersion(file)).rules;

/** A proposed version, as `sybil tune` writes it, or a file of rules, which gives no reason. */
export async function readVersion(file: string): Promise<ProposedVersion> {
  return parseVersion(await readJson(file, "The file of rules", "scoring/rules-malformed"));
}

/** A history of weight tables, oldest first, as the versions of one scorer. Off-grid weights are rounded, and it says so. */
export async function readHistory(file: string): Promise<[RulesVersion, ...RulesVersion[]]> {
  const history = importWeightHistory(await readJson(file, "The history of weights", "scoring/weights-malformed"), {
    offGrid: "round",
  });
  const [first, ...later] = history.map((version) => ({
    rules: rulesDocument(importedRules(version)),
    reason: `${version.date} ${version.commit}: ${version.subject}`.slice(0, 500),
    notices: version.notices,
  }));
  if (first !== undefined) return [first, ...later];
  throw new DomainError("scoring/weights-malformed", `${file} holds no table of weights.`, { file });
}

async function readJson(file: string, what: string, code: string): Promise<unknown> {
  const text = await readText(file, what);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new DomainError(code, `${file} is not a JSON document.`, { file }, { cause });
  }
}
