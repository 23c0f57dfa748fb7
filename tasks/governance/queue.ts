import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { sendingAccount } from "../accounts.js";
import { parseNumber } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openGovernor, type GovernorArguments } from "./open.js";

interface QueueArguments extends GovernorArguments {
  proposalId: string;
  from: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const queue: NewTaskActionFunction<QueueArguments> = async (given, hre) =>
  run(async () => {
    const id = parseNumber(given.proposalId, "The proposal's id");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const governor = await openGovernor(hre, connection, given);
    await submit(await governor.queue(id), { connection, signer, ...given }, { proposalId: id });
  });

export default queue;
