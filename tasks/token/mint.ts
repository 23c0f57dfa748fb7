import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { throughOwner } from "../../src/chain/owner-call.js";
import { TokenGateway } from "../../src/chain/token.js";
import { parseUnits } from "../../src/shared/decimal.js";
import { DomainError } from "../../src/shared/errors.js";
import { sendingAccount } from "../accounts.js";
import type { OwnerArguments } from "../declare.js";
import { givenOrDeployed } from "../deployment.js";
import { openGovernor } from "../governance/open.js";
import { checkedAddress } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";

interface MintArguments extends OwnerArguments {
  to: string;
  amount: string;
  token: string | undefined;
}

const mint: NewTaskActionFunction<MintArguments> = async (given, hre) =>
  run(async () => {
    const amount = parseUnits(given.amount, 18);
    if (!amount) throw new DomainError("tasks/bad-number", `"${given.amount}" is no amount of whole tokens.`);
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const address = await givenOrDeployed(given.token, hre, connection, "GovernanceToken", given.deploymentId);
    const token = new TokenGateway(address, connection.ethers.provider);
    const call = token.mint(checkedAddress(given.to), amount);
    const step = await throughOwner(
      { call },
      {
        owner: (await token.info()).minter,
        sender: signer.address,
        governor: () => openGovernor(hre, connection, { ...given, fromBlock: undefined }),
        propose: given.propose,
        description: given.description ?? capitalised(call.summary),
      },
    );
    await submit(step, { connection, signer, ...given });
  });

const capitalised = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

export default mint;
