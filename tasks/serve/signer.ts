import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { pino } from "pino";

import { serveUntilSignal } from "../../src/bin/serve.js";
import { startSigner } from "../../src/bin/start-signer.js";
import { parseGossipSettings } from "../../src/config/gossip.js";
import { SIGNER_CONFIG_PREFIX, parseSignerConfig } from "../../src/config/signer.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { addNetwork, addSecrets, type Environment, type NodeArguments } from "./node-environment.js";

const serve: NewTaskActionFunction<NodeArguments> = async (given, hre) =>
  run(async () => {
    const config = parseSignerConfig(await environmentOf(given, hre));
    // Standard output belongs to the task's result.
    const logger = pino(pino.destination(2));
    const node = await startSigner(config, { logger, gossip: parseGossipSettings(process.env) });
    const { url, account } = node;
    const { registry, chainId, aggregators, log } = config;
    printResult(given.json, { url, account, registry, chainId, scores: log !== null }, [
      `The signer of ${account} for ${registry} (chain ${chainId}) runs; health and metrics are at ${url}`,
      aggregators.length === 0 ? "It sends by gossip alone" : `It sends to ${aggregators.join(", ")}`,
      ...(log === null ? ["It has no copy of the log and signs stake distributions alone"] : []),
    ]);
    await serveUntilSignal(node, logger);
  });

/** The SIGNER_ variables; what they leave out comes from the network, the deployment, and Hardhat's keystore. */
async function environmentOf(given: NodeArguments, hre: HardhatRuntimeEnvironment) {
  const environment: Environment = { ...process.env };
  await addSecrets(hre, environment, ["SIGNER_PASSPHRASE", "SIGNER_ACCOUNT_KEY"]);
  await addNetwork(hre, environment, SIGNER_CONFIG_PREFIX, given);
  return environment;
}

export default serve;
