import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { pino } from "pino";

import { serveUntilSignal } from "../../src/bin/serve.js";
import { startSigner } from "../../src/bin/start-signer.js";
import { parseGossipSettings } from "../../src/config/gossip.js";
import { parseSignerConfig } from "../../src/config/signer.js";
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
async function environmentOf(given: ServeArguments, hre: HardhatRuntimeEnvironment) {
  const environment: Record<string, string | undefined> = { ...process.env };
  for (const name of ["SIGNER_PASSPHRASE", "SIGNER_ACCOUNT_KEY"]) {
    if (environment[`${name}_FILE`] === undefined) {
      environment[name] ??= (await findSecretVariable(hre, name))?.expose();
    }
  }
  const connection = await hre.network.create();
  const { networkConfig } = connection;
  if (networkConfig.type === "http") environment["SIGNER_RPC_URL"] ??= await networkConfig.url.getUrl();
  if (given.registry !== undefined || environment["SIGNER_REGISTRY"] === undefined) {
    const deployed = [hre, connection, "CertificateRegistry", given.deploymentId] as const;
    environment["SIGNER_REGISTRY"] = await givenOrDeployed(given.registry, ...deployed);
  }
  if (environment["SIGNER_REGISTRY"] !== undefined) {
    environment["SIGNER_ERAS"] ??= await deployedEras(
      hre,
      connection,
      environment["SIGNER_REGISTRY"],
      given.deploymentId,
    );
  }
  if (environment["SIGNER_RPC_URL"] !== undefined) {
    environment["SIGNER_CHAIN_ID"] ??= (await connection.ethers.provider.getNetwork()).chainId.toString();
  }
  await connection.close();
  return environment;
}

export default serve;
