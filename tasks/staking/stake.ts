import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { run } from "../run.js";
import { submit } from "../submit.js";
import { openStake, type StakeArguments } from "./open.js";

interface AmountArguments extends StakeArguments {
  amount: string;
}

const stake: NewTaskActionFunction<AmountArguments> = async (given, hre) =>
  run(async () => {
    const { duration, connection, signer, staking, stakee } = await openStake(hre, given);
    const step = await staking.stake(signer, stakee, await staking.amount(given.amount), duration);
    await submit(step, { connection, signer, ...given }, { staking: staking.address });
  });

export default stake;
