import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { openDatabase } from "../../src/database/open-database.js";
import { DatabaseLogSource } from "../../src/database/snapshot-log.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { createSnapshot } from "../../src/snapshots/create.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { parseNumber } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { databasePlace } from "./place.js";

interface CreateArguments {
  folder: string;
  data: string | undefined;
  cut: string | undefined;
  epoch: string | undefined;
  block: string | undefined;
  json: boolean;
}

const create: NewTaskActionFunction<CreateArguments> = async ({ folder, data, cut, epoch, block, json }) =>
  run(async () => {
    const number = (text: string, option: string) => Number(parseNumber(text, option));
    const db = await openDatabase(databasePlace(data));
    try {
      const { manifest, sealed, kept } = await createSnapshot(new DatabaseLogSource(db), new SnapshotFolder(folder), {
        ...(cut === undefined ? {} : { cut: number(cut, "--cut") }),
        epoch: epoch === undefined ? null : number(epoch, "--epoch"),
        block: block === undefined ? null : number(block, "--block"),
        progress: terminalProgress(),
      });
      const { digest, sequence } = manifest;
      printResult(json, { digest, sequence, sealed, kept }, [
        `Snapshot ${digest}`,
        `The log up to entry ${sequence}; ${sealed} ranges sealed now, ${kept} known from before`,
      ]);
    } finally {
      await db.destroy();
    }
  });

export default create;
