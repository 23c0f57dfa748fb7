import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { SUPPORT } from "../../src/chain/governor.js";
import { sendingAccount } from "../accounts.js";
import { oneOf, parseNumber } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openGovernor, type GovernorArguments } from "./open.js";

interface VoteArguments extends GovernorArguments {
  proposalId: string;
  support: string | undefined;
  reason: string | undefined;
  from: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const vote: NewTaskActionFunction<VoteArguments> = async (given, hre) =>
  run(async () => {
    const support = oneOf(SUPPORT, given.support, "--support");
    const id = parseNumber(given.proposalId, "The proposal's id");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const governor = await openGovernor(hre, connection, given);
    const step = await governor.vote(id, signer.address, support, given.reason ?? "");
    await submit(step, { connection, signer, ...given }, { proposalId: id });
  });

export default vote;
