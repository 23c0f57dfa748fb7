import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { sendingAccount } from "../accounts.js";
import { checkedAddress } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { documentHash, openStaking, type SendingArguments } from "./open.js";

interface AppealArguments extends SendingArguments {
  evidence: string | undefined;
  statement: string | undefined;
  for: string | undefined;
}

const appeal: NewTaskActionFunction<AppealArguments> = async (given, hre) =>
  run(async () => {
    const evidence = await documentHash(given.evidence, "--evidence");
    const statement = await documentHash(given.statement, "--statement");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const staking = await openStaking(hre, connection, given);
    const stakee = given.for === undefined ? signer.address : checkedAddress(given.for);
    const step = await staking.appeal(signer.address, stakee, evidence, statement);
    await submit(step, { connection, signer, ...given }, { staking: staking.address });
  });

export default appeal;
