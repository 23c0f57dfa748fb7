import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { pino } from "pino";

import { serveUntilSignal } from "../../src/bin/serve.js";
import { startMirror } from "../../src/bin/start-mirror.js";
import { parseNumber } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface ServeArguments {
  folder: string;
  host: string | undefined;
  port: string | undefined;
  scoresOnly: boolean;
  json: boolean;
}

const serve: NewTaskActionFunction<ServeArguments> = async ({ folder, host, port, scoresOnly, json }) =>
  run(async () => {
    // Standard output belongs to the task's result.
    const logger = pino(pino.destination(2));
    const listen = { host: host ?? "127.0.0.1", port: Number(parseNumber(port ?? "8790", "--port")) };
    const mirror = await startMirror({ folder, ...listen, stamps: !scoresOnly }, { logger });
    printResult(json, { url: mirror.url, stamps: !scoresOnly }, [
      `Snapshots of ${folder} are served at ${mirror.url}${scoresOnly ? ", without stamps" : ""}`,
    ]);
    await serveUntilSignal(mirror, logger);
  });

export default serve;
