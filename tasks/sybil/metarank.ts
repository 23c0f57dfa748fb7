import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { metaRank } from "../../src/sybil/meta-rank.js";
import { readFeatures } from "../../src/sybil/read-features.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface RankArguments {
  file: string;
  out: string | undefined;
  json: boolean;
}

const metarank: NewTaskActionFunction<RankArguments> = async ({ file, out, json }) =>
  run(async () => {
    const target = await outputFile(required(out, "--out"), [file]);
    const { donors, features } = await readFeatures(file);
    const loki = metaRank(features, "loki");
    const thor = metaRank(features, "thor");
    const rows = donors.map((donor, at) => [donor, loki[at] as number, thor[at] as number]);
    await writeTable(target, ["donor", "MetaRank_Loki", "MetaRank_Thor"], rows);
    printResult(json, { donors: donors.length, out: target }, [
      `The ranks of ${donors.length} accounts are in ${target}`,
    ]);
  });

export default metarank;
