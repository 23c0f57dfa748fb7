import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { TokenGateway } from "../../src/chain/token.js";
import { sendingAccount } from "../accounts.js";
import { givenOrDeployed } from "../deployment.js";
import { checkedAddress } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";

interface DelegateArguments {
  delegatee: string;
  token: string | undefined;
  from: string | undefined;
  deploymentId: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const delegate: NewTaskActionFunction<DelegateArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const address = await givenOrDeployed(given.token, hre, connection, "GovernanceToken", given.deploymentId);
    const token = new TokenGateway(address, connection.ethers.provider);
    const step = await token.delegate(signer.address, checkedAddress(given.delegatee));
    await submit(step, { connection, signer, ...given });
  });

export default delegate;
