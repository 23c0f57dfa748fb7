import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { labelAccounts } from "../../src/sybil/labels.js";
import { readFeatures } from "../../src/sybil/read-features.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface LabelsArguments {
  file: string;
  out: string | undefined;
  json: boolean;
}

const labels: NewTaskActionFunction<LabelsArguments> = async ({ file, out, json }) =>
  run(async () => {
    const target = await outputFile(required(out, "--out"), [file]);
    const { donors, features } = await readFeatures(file);
    const labelled = labelAccounts(features);
    const rows = donors.map((donor, at) => [
      donor,
      labelled.loki[at] as number,
      labelled.thor[at] as number,
      labelled.labels[at] as string,
    ]);
    await writeTable(target, ["donor", "MetaRank_Loki", "MetaRank_Thor", "label"], rows);
    const count = (label: string) => labelled.labels.filter((other) => other === label).length;
    const [loki, thor] = [count("loki"), count("thor")];
    printResult(json, { donors: donors.length, loki, thor, out: target }, [
      `Of ${donors.length} accounts ${loki} are probably Sybils (Loki) and ${thor} probably people (Thor); this is no proof`,
      `The labels are in ${target}`,
    ]);
  });

export default labels;
