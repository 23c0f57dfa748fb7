import { readFileSync } from "node:fs";
import path from "node:path";

import { network } from "hardhat";

import ProtocolModule, { protocolParameters } from "../../deploy/modules/Protocol.js";
import { parseParameters } from "../../src/chain/deployment/parameters.js";
import { planDeployment } from "../../src/chain/deployment/plan.js";
import { contractConstants } from "./contract-constants.js";
import { parametersPage } from "./parameters-page.js";

/** Deploys the local parameters to a chain of its own, in process, and writes down what it finds. */
export async function makeParametersPage(root: string): Promise<string> {
  const { ethers, ignition, networkHelpers } = await network.create("default");
  const [deployer] = await ethers.getSigners();
  if (deployer === undefined) throw new Error("the in-process chain has accounts");
  const parameters = parseParameters(readFileSync(path.join(root, "deploy/parameters/localhost.json"), "utf8"));
  const list = { root: `0x${"01".repeat(32)}`, listHash: `0x${"02".repeat(32)}`, count: 1, total: 1n };
  const context = { now: await networkHelpers.time.latest(), deployer: deployer.address };
  const plan = planDeployment(parameters, list, context);
  const contracts = await ignition.deploy(ProtocolModule, { parameters: protocolParameters(plan) });
  const constants = await contractConstants(deployer, {
    token: await contracts.token.getAddress(),
    distributor: await contracts.distributor.getAddress(),
    governor: await contracts.governor.getAddress(),
    timelock: await contracts.timelock.getAddress(),
  });
  return await parametersPage(root, constants);
}
