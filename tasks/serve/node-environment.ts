import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { deployedIfAny, givenOrDeployed } from "../deployment.js";
import { findSecretVariable } from "../variables.js";
import { deployedEras } from "./eras.js";

export interface NodeArguments {
  registry: string | undefined;
  deploymentId: string | undefined;
  json: boolean;
}

export type Environment = Record<string, string | undefined>;

/** Fills in variables that Hardhat's keystore has; one whose `…_FILE` is set is read from there. */
export async function addSecrets(hre: HardhatRuntimeEnvironment, environment: Environment, names: readonly string[]) {
  for (const name of names) {
    if (environment[`${name}_FILE`] === undefined) {
      environment[name] ??= (await findSecretVariable(hre, name))?.expose();
    }
  }
}

/**
 * Fills in what a node's variables, which begin with `prefix`, leave out: URL and id of the chain from the network, the registry
 * from the command line or the deployment, the deployed registry's era markers, and for a node with a log the passport registry that its keepers sign for.
 */
export async function addNetwork(
  hre: HardhatRuntimeEnvironment,
  environment: Environment,
  prefix: string,
  given: Pick<NodeArguments, "registry" | "deploymentId">,
): Promise<void> {
  const [url, chain, registry] = [`${prefix}RPC_URL`, `${prefix}CHAIN_ID`, `${prefix}REGISTRY`];
  const connection = await hre.network.create();
  const { networkConfig } = connection;
  if (networkConfig.type === "http") environment[url] ??= await networkConfig.url.getUrl();
  if (given.registry !== undefined || environment[registry] === undefined) {
    const deployed = [hre, connection, "CertificateRegistry", given.deploymentId] as const;
    environment[registry] = await givenOrDeployed(given.registry, ...deployed);
  }
  environment[`${prefix}ERAS`] ??= await deployedEras(hre, connection, environment[registry], given.deploymentId);
  if (environment[`${prefix}LOG_KEEPERS`] !== undefined) {
    const deployed = [hre, connection, "PassportRegistry", given.deploymentId] as const;
    environment[`${prefix}PASSPORT_REGISTRY`] ??= await deployedIfAny(...deployed);
  }
  if (environment[url] !== undefined) {
    environment[chain] ??= (await connection.ethers.provider.getNetwork()).chainId.toString();
  }
  await connection.close();
}
