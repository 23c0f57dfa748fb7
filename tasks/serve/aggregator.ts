import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { pino } from "pino";

import { serveUntilSignal } from "../../src/bin/serve.js";
import { startAggregator } from "../../src/bin/start-aggregator.js";
import { parseGossipSettings } from "../../src/config/gossip.js";
import { AGGREGATOR_CONFIG_PREFIX, parseAggregatorConfig } from "../../src/config/aggregator.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { addNetwork, addSecrets, type Environment, type NodeArguments } from "./node-environment.js";

const serve: NewTaskActionFunction<NodeArguments> = async (given, hre) =>
  run(async () => {
    const config = parseAggregatorConfig(await environmentOf(given, hre));
    // Standard output belongs to the task's result.
    const logger = pino(pino.destination(2));
    const node = await startAggregator(config, { logger, gossip: parseGossipSettings(process.env) });
    const { url } = node;
    const { registry, chainId, leaderUrl, accountKey } = config;
    printResult(given.json, { url, registry, chainId, leader: leaderUrl }, [
      `The aggregator for ${registry} (chain ${chainId}) is at ${url}, documented at ${url}/docs`,
      leaderUrl === null ? "It follows nobody" : `It takes certificates from ${leaderUrl}, after verifying them`,
      ...(accountKey === null ? ["No account's key: others seal epochs and bring certificates to the registry"] : []),
    ]);
    await serveUntilSignal(node, logger);
  });

/** The AGGREGATOR_ variables; what they leave out comes from the network, the deployment, and Hardhat's keystore. */
async function environmentOf(given: NodeArguments, hre: HardhatRuntimeEnvironment) {
  const environment: Environment = { ...process.env };
  await addSecrets(hre, environment, ["AGGREGATOR_ACCOUNT_KEY"]);
  await addNetwork(hre, environment, AGGREGATOR_CONFIG_PREFIX, given);
  return environment;
}

export default serve;
