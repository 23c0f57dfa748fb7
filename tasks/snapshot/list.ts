import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { listMirror, type ListedSnapshot } from "../../src/http/snapshots/list-mirror.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { isRemote, mebibytes } from "./place.js";

const list: NewTaskActionFunction<{ folder: string; json: boolean }> = async ({ folder, json }) =>
  run(async () => {
    const found = isRemote(folder) ? await listMirror(folder) : await listFolder(folder);
    const lines = found.map(({ digest, sequence, epoch, compressed, ...rest }) => {
      const where = epoch === null ? "" : `, epoch ${epoch}`;
      const scorers = "scorers" in rest ? `, ${rest.scorers} scorers` : "";
      return `${digest}  up to entry ${sequence}${where}${scorers}, ${mebibytes(compressed)}`;
    });
    printResult(json, found, lines.length === 0 ? ["There is no snapshot here"] : lines);
  });

async function listFolder(folder: string): Promise<(ListedSnapshot & { scorers: number })[]> {
  const found = await new SnapshotFolder(folder).list();
  return found.map(({ compressed: { scores, stamps }, ...rest }) => ({ ...rest, compressed: scores + stamps }));
}

export default list;
