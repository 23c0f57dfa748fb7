import { pino } from "pino";

import { parseAggregatorConfig } from "../config/aggregator.js";
import { parseGossipSettings } from "../config/gossip.js";
import { DomainError } from "../shared/errors.js";
import { serveUntilSignal } from "./serve.js";
import { startAggregator } from "./start-aggregator.js";

const logger = pino();

try {
  const config = parseAggregatorConfig(process.env);
  await serveUntilSignal(await startAggregator(config, { logger, gossip: parseGossipSettings(process.env) }), logger);
  process.exit(0);
} catch (error) {
  // A failure that somebody can act on is one sentence; a fault of ours keeps its stack.
  if (error instanceof DomainError) console.error(`${error.message} (${error.code})`);
  else console.error(error);
  process.exit(1);
}
