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
  const manifests = await new SnapshotFolder(folder).list();
  return manifests.map(({ digest, sequence, epoch, block, scorers, chunks }) => {
    const compressed = chunks.reduce((sum, chunk) => sum + chunk.compressed, 0);
    return { digest, sequence, epoch, block, scorers: scorers.length, compressed };
  });
}

export default list;
