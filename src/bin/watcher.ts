import { pino } from "pino";

import { parseWatcherConfig } from "../config/watcher.js";
import { DomainError } from "../shared/errors.js";
import { serveUntilSignal } from "./serve.js";
import { startWatcher } from "./start-watcher.js";

const logger = pino();

try {
  const config = parseWatcherConfig(process.env);
  await serveUntilSignal(await startWatcher(config, { logger }), logger);
  process.exit(0);
} catch (error) {
  // A failure that somebody can act on is one sentence; a fault of ours keeps its stack.
  if (error instanceof DomainError) console.error(`${error.message} (${error.code})`);
  else console.error(error);
  process.exit(1);
}
