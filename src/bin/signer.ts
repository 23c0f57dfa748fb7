import { parseGossipSettings } from "../config/gossip.js";
import { parseSignerConfig } from "../config/signer.js";
import { runService } from "./run-service.js";
import { startSigner } from "./start-signer.js";

await runService((logger) =>
  startSigner(parseSignerConfig(process.env), { logger, gossip: parseGossipSettings(process.env) }),
);
