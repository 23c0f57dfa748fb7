import { pino } from "pino";

import { parsePassportServiceConfig } from "../config/passport-service.js";
import { DomainError } from "../shared/errors.js";
import { serveUntilSignal } from "./serve.js";
import { startPassportService } from "./start-passport-service.js";

const logger = pino();

try {
  const config = parsePassportServiceConfig(process.env);
  await serveUntilSignal(await startPassportService(config, { logger }), logger);
  process.exit(0);
} catch (error) {
  // A failure that somebody can act on is one sentence; a fault of ours keeps its stack.
  if (error instanceof DomainError) console.error(`${error.message} (${error.code})`);
  else console.error(error);
  process.exit(1);
}
