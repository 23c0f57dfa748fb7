import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { pino } from "pino";

import { serveUntilSignal } from "../../src/bin/serve.js";
import { startAggregator } from "../../src/bin/start-aggregator.js";
import { parseGossipSettings } from "../../src/config/gossip.js";
import { parseAggregatorConfig } from "../../src/config/aggregator.js";
import { givenOrDeployed } from "../deployment.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { deployedEras } from "./eras.js";
import { findSecretVariable } from "../variables.js";

interface ServeArguments {
  registry: string | undefined;
  deploymentId: string | undefined;
  json: boolean;
}

const serve: NewTaskActionFunction<ServeArguments> = async (given, hre) =>
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
async function environmentOf(given: ServeArguments, hre: HardhatRuntimeEnvironment) {
  const environment: Record<string, string | undefined> = { ...process.env };
  environment["AGGREGATOR_ACCOUNT_KEY"] ??= (await findSecretVariable(hre, "AGGREGATOR_ACCOUNT_KEY"))?.expose();
  const connection = await hre.network.create();
  const { networkConfig } = connection;
  if (networkConfig.type === "http") environment["AGGREGATOR_RPC_URL"] ??= await networkConfig.url.getUrl();
  if (given.registry !== undefined || environment["AGGREGATOR_REGISTRY"] === undefined) {
    const deployed = [hre, connection, "CertificateRegistry", given.deploymentId] as const;
    environment["AGGREGATOR_REGISTRY"] = await givenOrDeployed(given.registry, ...deployed);
  }
  if (environment["AGGREGATOR_REGISTRY"] !== undefined) {
    environment["AGGREGATOR_ERAS"] ??= await deployedEras(
      hre,
      connection,
      environment["AGGREGATOR_REGISTRY"],
      given.deploymentId,
    );
  }
  if (environment["AGGREGATOR_RPC_URL"] !== undefined) {
    environment["AGGREGATOR_CHAIN_ID"] ??= (await connection.ethers.provider.getNetwork()).chainId.toString();
  }
  await connection.close();
  return environment;
}

export default serve;
