import { parseClaimServiceConfig } from "../config/claim-service.js";
import { openAllocations } from "../merkle/open-allocations.js";
import { runService } from "./run-service.js";
import { startClaimService } from "./start-claim-service.js";

await runService(async (logger) => {
  const config = parseClaimServiceConfig(process.env);
  return startClaimService(config, { book: await openAllocations(config.listFolder), logger });
});
