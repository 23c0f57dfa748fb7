import path from "node:path";

import { SybilError } from "./errors.js";
import { META_RANK_FEATURES, type Direction } from "./meta-rank.js";
import { numberOf, readTable } from "./tables/read-table.js";

export interface FeatureTable {
  readonly donors: readonly string[];
  /** In the order of {@link META_RANK_FEATURES}; undefined where a value is missing. */
  readonly features: readonly { readonly values: readonly (number | undefined)[]; readonly suspicious: Direction }[];
}

/** Reads the features of accounts: `donor` and all of {@link META_RANK_FEATURES}, `NA` where there is none. */
export async function readFeatures(file: string): Promise<FeatureTable> {
  const donors = new Map<string, number>();
  const features = META_RANK_FEATURES.map(([, suspicious]) => ({ suspicious, values: [] as (number | undefined)[] }));
  const names = META_RANK_FEATURES.map(([name]) => name);
  for await (const { line, cells } of readTable(file, ["donor", ...names])) {
    const [donor = "", ...values] = cells;
    const before = donors.get(donor);
    if (before !== undefined) {
      const what = `donor ${donor} stands in line ${before} too`;
      throw new SybilError("sybil/duplicate-row", `${path.basename(file)}, line ${line}: ${what}`);
    }
    donors.set(donor, line);
    features.forEach((feature, at) => {
      const place = { file, line, column: names[at] as string };
      feature.values.push(numberOf(values[at] as string, place, "NA"));
    });
  }
  return { donors: [...donors.keys()], features };
}
