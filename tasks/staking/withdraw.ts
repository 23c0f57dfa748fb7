import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { sendingAccount } from "../accounts.js";
import { checkedAddress } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openStaking, type SendingArguments } from "./open.js";

interface WithdrawArguments extends SendingArguments {
  amount: string | undefined;
  for: string | undefined;
}

const withdraw: NewTaskActionFunction<WithdrawArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const staking = await openStaking(hre, connection, given);
    const stakee = given.for === undefined ? signer.address : checkedAddress(given.for);
    const amount = given.amount === undefined ? undefined : await staking.amount(given.amount);
    const step = await staking.withdraw(signer.address, stakee, amount);
    await submit(step, { connection, signer, ...given }, { staking: staking.address });
  });

export default withdraw;
