import { pino } from "pino";

import { parseClaimServiceConfig } from "../config/claim-service.js";
import { openAllocations } from "../merkle/open-allocations.js";
import { DomainError } from "../shared/errors.js";
import { serveUntilSignal } from "./serve.js";
import { startClaimService } from "./start-claim-service.js";

const logger = pino();

try {
  const config = parseClaimServiceConfig(process.env);
  const book = await openAllocations(config.listFolder);
  await serveUntilSignal(await startClaimService(config, { book, logger }), logger);
  process.exit(0);
} catch (error) {
  // A failure that somebody can act on is one sentence; a fault of ours keeps its stack.
  if (error instanceof DomainError) console.error(`${error.message} (${error.code})`);
  else console.error(error);
  process.exit(1);
}
