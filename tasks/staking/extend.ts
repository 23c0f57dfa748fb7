import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parseWeeks } from "../../src/chain/staking/arguments.js";
import { sendingAccount } from "../accounts.js";
import { checkedAddress, required } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openStaking, type SendingArguments } from "./open.js";

interface ExtendArguments extends SendingArguments {
  weeks: string | undefined;
  for: string | undefined;
}

const extend: NewTaskActionFunction<ExtendArguments> = async (given, hre) =>
  run(async () => {
    const duration = parseWeeks(required(given.weeks, "--weeks"));
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const staking = await openStaking(hre, connection, given);
    const stakee = given.for === undefined ? signer.address : checkedAddress(given.for);
    const step = await staking.extend(signer.address, stakee, duration);
    await submit(step, { connection, signer, ...given }, { staking: staking.address });
  });

export default extend;
