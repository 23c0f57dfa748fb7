import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { TokenGateway } from "../../src/chain/token.js";
import { formatUnits } from "../../src/shared/decimal.js";
import { givenOrDeployed } from "../deployment.js";
import { checkedAddress } from "../options.js";
import { isoTime, printResult } from "../output.js";
import { run } from "../run.js";

interface InfoArguments {
  account: string | undefined;
  token: string | undefined;
  deploymentId: string | undefined;
  json: boolean;
}

const info: NewTaskActionFunction<InfoArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const address = await givenOrDeployed(given.token, hre, connection, "GovernanceToken", given.deploymentId);
    const gateway = new TokenGateway(address, connection.ethers.provider);
    const token = await gateway.info();
    const holder = given.account === undefined ? undefined : await gateway.holder(checkedAddress(given.account));
    const amount = (wei: bigint) => `${formatUnits(wei, 18)} ${token.symbol}`;
    const lines = [
      `${token.name} (${token.symbol}) at ${token.address}`,
      `  supply       ${amount(token.supply)}`,
      `  minter       ${token.minter}, next from ${isoTime(token.mintingAllowedAfter)}`,
      `  distributor  ${token.distributor}`,
    ];
    if (holder !== undefined) {
      const { account, balance, votes, delegatee } = holder;
      lines.push(`  ${account} holds ${amount(balance)}, votes with ${amount(votes)}, delegates to ${delegatee}`);
    }
    printResult(given.json, { token, holder }, lines);
  });

export default info;
