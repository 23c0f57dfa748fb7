import { parseAggregatorConfig } from "../config/aggregator.js";
import { parseGossipSettings } from "../config/gossip.js";
import { runService } from "./run-service.js";
import { startAggregator } from "./start-aggregator.js";

await runService((logger) =>
  startAggregator(parseAggregatorConfig(process.env), { logger, gossip: parseGossipSettings(process.env) }),
);
