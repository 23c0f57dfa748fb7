import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { throughOwner } from "../../src/chain/owner-call.js";
import { parseStake } from "../../src/chain/staking/arguments.js";
import { sendingAccount } from "../accounts.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { documentHash, openStaking, roleContext, type RoleArguments } from "./open.js";

interface ReleaseArguments extends RoleArguments {
  stake: string;
  evidence: string | undefined;
  amount: string | undefined;
}

const release: NewTaskActionFunction<ReleaseArguments> = async (given, hre) =>
  run(async () => {
    const slash = { ...parseStake(given.stake), evidence: await documentHash(given.evidence, "--evidence") };
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const staking = await openStaking(hre, connection, given);
    const amount = given.amount === undefined ? undefined : await staking.amount(given.amount);
    const step = await staking.release(slash, amount);
    const summary = "call" in step ? step.call.summary : "nothing";
    const context = await roleContext(hre, connection, staking, "RELEASER_ROLE", {
      ...given,
      ...{ sender: signer.address, summary },
    });
    await submit(await throughOwner(step, context), { connection, signer, ...given }, { staking: staking.address });
  });

export default release;
