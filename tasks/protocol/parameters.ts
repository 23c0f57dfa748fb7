import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { parseParameters, type ProtocolParameters } from "../../src/chain/deployment/parameters.js";
import { readText } from "../files.js";

/** The parameter file that was named, or the network's own; an in-process chain has those of localhost. */
export async function readParameters(
  hre: HardhatRuntimeEnvironment,
  network: string,
  file: string | undefined,
): Promise<ProtocolParameters> {
  const own = `${network === "default" ? "localhost" : network}.json`;
  const chosen = file ?? path.join(hre.config.paths.ignition, "parameters", own);
  return parseParameters(await readText(chosen, "The parameter file"));
}
