import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { DistributorGateway } from "../../src/chain/distributor-gateway.js";
import { ClaimClient } from "../../src/http/claim-client.js";
import { Secret } from "../../src/shared/secret.js";
import { givenOrDeployed } from "../deployment.js";
import { parseNumber } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { secretVariable } from "../variables.js";

interface StatusArguments {
  userId: string;
  service: string | undefined;
  distributor: string | undefined;
  deploymentId: string | undefined;
  json: boolean;
}

const status: NewTaskActionFunction<StatusArguments> = async (given, hre) =>
  run(async () => {
    const userId = Number(parseNumber(given.userId, "The user id"));
    if (given.service !== undefined) return askService(userId, given.service, given.json, hre);
    const connection = await hre.network.create();
    const { distributor, deploymentId } = given;
    const address = await givenOrDeployed(distributor, hre, connection, "TokenDistributor", deploymentId);
    const claimed = await new DistributorGateway(connection.ethers.provider, address).isClaimed(userId);
    printResult(given.json, { userId, distributor: address, claimed }, [
      `User ${userId} has ${claimed ? "claimed" : "not claimed"} (${address})`,
    ]);
  });

async function askService(userId: number, url: string, json: boolean, hre: HardhatRuntimeEnvironment): Promise<void> {
  const text = await secretVariable(hre, "CLAIMS_SECRET");
  const secret = new Secret<Uint8Array>(Buffer.from(text.expose(), "hex"));
  const state = await new ClaimClient({ url, secret }).state(userId);
  printResult(json, state, [
    `User ${userId} (${state.kind}, ${state.amount} wei): ${state.status}`,
    `${state.detail}.`,
    ...(state.account === null ? [] : [`account ${state.account}, delegatee ${state.delegatee}`]),
  ]);
}

export default status;
