// The verdicts of an analysed round, account by account: what the Sybil-analysis stamp is issued from. The file has real accounts
// in it, and stays with whoever made the analysis.
import path from "node:path";

import { SybilError } from "./errors.js";
import { numberOf, readTable } from "./tables/read-table.js";

export interface Verdict {
  /** Of being a Sybil, 0 to 1; undefined where no model could tell. */
  readonly probability: number | undefined;
  readonly flagged: boolean;
}

const COLUMNS = ["donor", "probability", "flagged"] as const;
/** Of a report's list of accounts, which is such a file. */
const UNUSED = ["report_name", "cluster", "reasons"] as const;

/** Reads `donor,probability,flagged` (a number from 0 to 1 or NA; 1 or 0), by donor in lower case: `private/accounts.csv` of a report. */
export async function readVerdicts(file: string): Promise<Map<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  for await (const { line, cells } of readTable(file, COLUMNS, UNUSED)) {
    const [name, text, flag] = cells as [string, string, string];
    const fail = (what: string): never => {
      throw new SybilError("sybil/bad-cell", `${path.basename(file)}, line ${line}: ${what}`, { line });
    };
    const probability = numberOf(text, { file, line, column: "probability" }, "NA");
    if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
      fail(`the probability ${text} is not between 0 and 1`);
    }
    if (flag !== "0" && flag !== "1") fail(`"${flag}" in the column flagged is neither 1 nor 0`);
    const donor = name.toLowerCase();
    if (verdicts.has(donor)) {
      throw new SybilError("sybil/duplicate-row", `${path.basename(file)}, line ${line}: ${name} is there twice`, {
        line,
      });
    }
    verdicts.set(donor, { probability, flagged: flag === "1" });
  }
  return verdicts;
}
