import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { pino } from "pino";

import { serveUntilSignal } from "../../src/bin/serve.js";
import { startSybilWorker, workSybilBlocksOnce } from "../../src/bin/sybil/worker.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { serverOfVariable, serverUrl } from "./database.js";

interface WorkerArguments {
  database: string | undefined;
  once: boolean;
  json: boolean;
}

const worker: NewTaskActionFunction<WorkerArguments> = async ({ database, once, json }, hre) =>
  run(async () => {
    const url = database === undefined ? await serverOfVariable(hre) : serverUrl(database, "--database");
    // Standard output belongs to the task's result.
    const logger = pino(pino.destination(2));
    if (once) {
      const blocks = await workSybilBlocksOnce(url, { logger });
      printResult(json, { blocks }, [`Nothing is queued any more; this worker did ${blocks} blocks`]);
      return;
    }
    const running = await startSybilWorker(url, { logger });
    printResult(json, { working: true }, ["This worker takes blocks of searches until it is stopped"]);
    await serveUntilSignal(running, logger);
  });

export default worker;
