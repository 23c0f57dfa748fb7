import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { run } from "../run.js";
import { submit } from "../submit.js";
import { openStake, type StakeArguments } from "./open.js";

const extend: NewTaskActionFunction<StakeArguments> = async (given, hre) =>
  run(async () => {
    const { duration, connection, signer, staking, stakee } = await openStake(hre, given);
    const step = await staking.extend(signer.address, stakee, duration);
    await submit(step, { connection, signer, ...given }, { staking: staking.address });
  });

export default extend;
