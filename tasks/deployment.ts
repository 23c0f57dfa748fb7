import { readFile } from "node:fs/promises";
import path from "node:path";

import { getAddress, type Provider } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { DomainError } from "../src/shared/errors.js";
import { checkedAddress } from "./options.js";

/** What these functions ask of a network connection. */
export interface ChainConnection {
  readonly networkConfig: { readonly type: string };
  readonly ethers: { readonly provider: Provider };
}

/** The folder with the journal and addresses of a deployment; `id` is `chain-<chain id>` unless it is given. */
export async function deploymentDirectory(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  id?: string,
): Promise<string> {
  const { chainId } = await connection.ethers.provider.getNetwork();
  return path.join(hre.config.paths.ignition, "deployments", id ?? `chain-${chainId}`);
}

/** The same folder where Ignition keeps one: an in-process chain ends with its process, so nothing is kept of it. */
export async function journalDirectory(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  id?: string,
): Promise<string | undefined> {
  return connection.networkConfig.type === "edr-simulated" ? undefined : await deploymentDirectory(hre, connection, id);
}

/** The address of a contract that Ignition deployed to this network, by the contract's name. */
export async function deployedAddress(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  contractName: string,
  id?: string,
): Promise<string> {
  const directory = await deploymentDirectory(hre, connection, id);
  const addresses = await readAddresses(directory);
  const found = Object.entries(addresses).find(([future]) => future.endsWith(`#${contractName}`));
  if (found === undefined) {
    const message = `No ${contractName} was deployed to this network (${directory}): deploy first, or give its address.`;
    throw new DomainError("deployment/not-deployed", message, { contractName, directory });
  }
  return getAddress(found[1]);
}

/** The same, or undefined when nothing of that name was deployed here. */
export async function deployedIfAny(...of: Parameters<typeof deployedAddress>): Promise<string | undefined> {
  try {
    return await deployedAddress(...of);
  } catch (error) {
    if (error instanceof DomainError && error.code === "deployment/not-deployed") return undefined;
    throw error;
  }
}

/** An address option as it was typed, or the deployed contract's. */
export async function givenOrDeployed(
  given: string | undefined,
  ...deployed: Parameters<typeof deployedAddress>
): Promise<string> {
  return given === undefined ? await deployedAddress(...deployed) : checkedAddress(given);
}

async function readAddresses(directory: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(path.join(directory, "deployed_addresses.json"), "utf8")) as Record<
      string,
      string
    >;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
