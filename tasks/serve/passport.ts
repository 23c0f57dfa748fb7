import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { pino } from "pino";

import { serveUntilSignal } from "../../src/bin/serve.js";
import { startPassportService } from "../../src/bin/start-passport-service.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import { deployedIfAny } from "../deployment.js";
import { checkedAddress } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { findSecretVariable } from "../variables.js";

interface ServeArguments {
  issuers: string | undefined;
  registry: string | undefined;
  deploymentId: string | undefined;
  json: boolean;
}

const serve: NewTaskActionFunction<ServeArguments> = async (given, hre) =>
  run(async () => {
    const config = parsePassportServiceConfig(await environmentOf(given, hre));
    // Standard output belongs to the task's result.
    const logger = pino(pino.destination(2));
    const service = await startPassportService(config, { logger });
    const { url } = service;
    const registry = config.registry?.address ?? null;
    printResult(given.json, { url, registry, chainId: config.chainId }, [
      `Passports (chain ${config.chainId}) are served at ${url}, documented at ${url}/docs`,
      registry === null ? "No registry and operator's key: scores are not anchored" : `Roots are for ${registry}`,
      "The first API key is made on the database: hardhat passport key create --name … --scopes operator",
    ]);
    await serveUntilSignal(service, logger);
  });

/** The PASSPORT_ variables; what they leave out comes from the network, the deployment, and Hardhat's keystore. */
async function environmentOf(given: ServeArguments, hre: HardhatRuntimeEnvironment) {
  // A caller's key and session are no settings of the service.
  const { PASSPORT_API_KEY: _key, PASSPORT_SESSION: _session, ...own } = process.env;
  const environment: Record<string, string | undefined> = { ...own };
  if (given.issuers !== undefined) environment["PASSPORT_ISSUERS"] = given.issuers;
  for (const name of ["PASSPORT_SESSION_SECRET", "PASSPORT_OPERATOR_KEY", "PASSPORT_LOG_KEY"]) {
    environment[name] ??= (await findSecretVariable(hre, name))?.expose();
  }
  const connection = await hre.network.create();
  const { networkConfig } = connection;
  if (networkConfig.type === "http") environment["PASSPORT_RPC_URL"] ??= await networkConfig.url.getUrl();
  if (given.registry !== undefined) environment["PASSPORT_REGISTRY"] = checkedAddress(given.registry);
  if (environment["PASSPORT_RPC_URL"] !== undefined) {
    const { chainId } = await connection.ethers.provider.getNetwork();
    environment["PASSPORT_CHAIN_ID"] ??= chainId.toString();
    // Without a key a registry is of no use: nothing could be signed for it.
    if (environment["PASSPORT_OPERATOR_KEY"] !== undefined || environment["PASSPORT_SNAPSHOTS"] !== undefined) {
      environment["PASSPORT_REGISTRY"] ??= await deployedIfAny(hre, connection, "PassportRegistry", given.deploymentId);
    }
  }
  await connection.close();
  return environment;
}

export default serve;
