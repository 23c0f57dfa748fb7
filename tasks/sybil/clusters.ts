import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { SybilError } from "../../src/sybil/errors.js";
import { clusterEdges } from "../../src/sybil/read-edges.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface ClustersArguments {
  file: string;
  out: string | undefined;
  cut: string | undefined;
  json: boolean;
}

const clusters: NewTaskActionFunction<ClustersArguments> = async ({ file, out, cut: given, json }) =>
  run(async () => {
    const target = await outputFile(required(out, "--out"), [file]);
    const cut = /^\d+(\.\d+)?$/.test(given ?? "0.1") ? Number(given ?? "0.1") : NaN;
    if (Number.isNaN(cut)) throw new SybilError("sybil/bad-setting", `--cut is "${given}": it must be a number from 0`);
    const groups = await clusterEdges(file, cut);
    // The columns of `qf match --clusters`.
    const rows = groups.flatMap((group, at) => group.map((donor) => [donor, at + 1]));
    await writeTable(target, ["donor", "cluster"], rows);
    const largest = groups[0]?.length ?? 0;
    printResult(json, { clusters: groups.length, donors: rows.length, largest, out: target }, [
      `${rows.length} donors in ${groups.length} clusters; the largest has ${largest}`,
      `The clusters are in ${target}`,
    ]);
  });

export default clusters;
