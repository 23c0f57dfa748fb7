import path from "node:path";

import { SybilError } from "../errors.js";
import type { HumanLabel, HumanVerdict } from "../round/round-tables.js";
import { readTable } from "../tables/read-table.js";

const VERDICTS: readonly HumanVerdict[] = ["human", "sybil", "unsure"];

/**
 * Reads `donor,rater,label`. Throws `sybil/bad-cell` for a label that is none or an empty cell, and `sybil/duplicate-row` for two
 * labels of one rater for one donor, besides what `readTable` throws.
 */
export async function readLabels(file: string): Promise<HumanLabel[]> {
  const name = path.basename(file);
  const lines = new Map<string, number>();
  const labels: HumanLabel[] = [];
  for await (const { line, cells } of readTable(file, ["donor", "rater", "label"])) {
    const [donor, rater, label] = cells as [string, string, string];
    if (donor === "" || rater === "") {
      throw new SybilError("sybil/bad-cell", `${name}, line ${line}: donor and rater must be named`, { line });
    }
    const verdict = VERDICTS.find((known) => known === label);
    if (verdict === undefined) {
      const what = `"${label}" in the column label is not one of ${VERDICTS.join(", ")}`;
      throw new SybilError("sybil/bad-cell", `${name}, line ${line}: ${what}`, { line });
    }
    const key = JSON.stringify([donor, rater]);
    const before = lines.get(key);
    if (before !== undefined) {
      const what = `${rater} judged ${donor} in line ${before} too`;
      throw new SybilError("sybil/duplicate-row", `${name}, line ${line}: ${what}`, { line });
    }
    lines.set(key, line);
    labels.push({ donor, rater, verdict });
  }
  return labels;
}
