import { pino } from "pino";

import { DomainError } from "../shared/errors.js";
import type { Logger } from "../shared/logger.js";
import { serveUntilSignal, type Stoppable } from "./serve.js";

/** A process that is one service: starts it, waits for a signal, and ends with a failed exit where it could not go on. */
export async function runService(start: (logger: Logger) => Promise<Stoppable>): Promise<never> {
  const logger = pino();
  try {
    await serveUntilSignal(await start(logger), logger);
    process.exit(0);
  } catch (error) {
    // A failure that somebody can act on is one sentence; a fault of ours keeps its stack.
    if (error instanceof DomainError) console.error(`${error.message} (${error.code})`);
    else console.error(error);
    process.exit(1);
  }
}
