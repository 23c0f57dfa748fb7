import { pino } from "pino";

import { parseSignerConfig } from "../config/signer.js";
import { parseGossipSettings } from "../config/gossip.js";
import { DomainError } from "../shared/errors.js";
import { serveUntilSignal } from "./serve.js";
import { startSigner } from "./start-signer.js";

const logger = pino();

try {
  const config = parseSignerConfig(process.env);
  await serveUntilSignal(await startSigner(config, { logger, gossip: parseGossipSettings(process.env) }), logger);
  process.exit(0);
} catch (error) {
  // A failure that somebody can act on is one sentence; a fault of ours keeps its stack.
  if (error instanceof DomainError) console.error(`${error.message} (${error.code})`);
  else console.error(error);
  process.exit(1);
}
