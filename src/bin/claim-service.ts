import { pino } from "pino";

import { parseClaimServiceConfig } from "../config/claim-service.js";
import { openAllocations } from "../merkle/open-allocations.js";
import { DomainError } from "../shared/errors.js";
import { startClaimService, type RunningClaimService } from "./start-claim-service.js";

const logger = pino();

async function main(): Promise<RunningClaimService> {
  const config = parseClaimServiceConfig(process.env);
  return startClaimService(config, { book: await openAllocations(config.listFolder), logger });
}

try {
  const service = await main();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      logger.info({ signal }, "claim service stops");
      // Requests under way are answered first.
      void service.close().then(() => process.exit(0));
    });
  }
} catch (error) {
  // A failure that somebody can act on is one sentence; a fault of ours keeps its stack.
  if (error instanceof DomainError) console.error(`${error.message} (${error.code})`);
  else console.error(error);
  process.exit(1);
}
