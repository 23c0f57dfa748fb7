import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { pino } from "pino";

import { serveUntilSignal } from "../../src/bin/serve.js";
import { startClaimService } from "../../src/bin/start-claim-service.js";
import { parseClaimServiceConfig } from "../../src/config/claim-service.js";
import { openAllocations } from "../../src/merkle/open-allocations.js";
import { givenOrDeployed } from "../deployment.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { findSecretVariable } from "../variables.js";

interface ServeArguments {
  list: string | undefined;
  distributor: string | undefined;
  deploymentId: string | undefined;
  json: boolean;
}

const serve: NewTaskActionFunction<ServeArguments> = async (given, hre) =>
  run(async () => {
    const config = parseClaimServiceConfig(await environmentOf(given, hre));
    // Standard output belongs to the task's result.
    const logger = pino(pino.destination(2));
    const service = await startClaimService(config, { book: await openAllocations(config.listFolder), logger });
    const { url } = service;
    printResult(given.json, { url, distributor: config.distributor, chainId: config.chainId }, [
      `Claims of ${config.distributor} (chain ${config.chainId}) are served at ${url}, documented at ${url}/docs`,
    ]);
    await serveUntilSignal(service, logger);
  });

/** The CLAIMS_ variables; what they leave out comes from the network, the deployment, and Hardhat's keystore. */
async function environmentOf(given: ServeArguments, hre: HardhatRuntimeEnvironment) {
  const environment: Record<string, string | undefined> = { ...process.env };
  if (given.list !== undefined) environment["CLAIMS_LIST"] = given.list;
  const connection = await hre.network.create();
  const { networkConfig } = connection;
  if (networkConfig.type === "http") environment["CLAIMS_RPC_URL"] ??= await networkConfig.url.getUrl();
  if (environment["CLAIMS_RPC_URL"] !== undefined) {
    const { chainId } = await connection.ethers.provider.getNetwork();
    environment["CLAIMS_CHAIN_ID"] ??= chainId.toString();
    const { distributor = environment["CLAIMS_DISTRIBUTOR"], deploymentId } = given;
    const found = await givenOrDeployed(distributor, hre, connection, "TokenDistributor", deploymentId);
    environment["CLAIMS_DISTRIBUTOR"] = found;
  }
  await connection.close();
  const hasKeystore = environment["CLAIMS_SIGNER_KEYSTORE"] !== undefined;
  for (const name of ["CLAIMS_SECRET", "CLAIMS_OPERATOR_SECRET", ...(hasKeystore ? [] : ["CLAIMS_SIGNER_KEY"])]) {
    environment[name] ??= (await findSecretVariable(hre, name))?.expose();
  }
  return environment;
}

export default serve;
