import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { throughOwner } from "../../src/chain/owner-call.js";
import { parsePercent, parseStakes } from "../../src/chain/staking/arguments.js";
import { sendingAccount } from "../accounts.js";
import { required } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { documentHash, openStaking, roleContext, type RoleArguments } from "./open.js";

interface SlashArguments extends RoleArguments {
  percent: string;
  stakes: string | undefined;
  evidence: string | undefined;
}

const slash: NewTaskActionFunction<SlashArguments> = async (given, hre) =>
  run(async () => {
    const percent = parsePercent(given.percent);
    const targets = parseStakes(required(given.stakes, "--stakes"));
    const evidence = await documentHash(given.evidence, "--evidence");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const staking = await openStaking(hre, connection, given);
    const step = await staking.slash(targets, percent, evidence);
    const summary = "call" in step ? step.call.summary : "nothing";
    const context = await roleContext(hre, connection, staking, "SLASHER_ROLE", {
      ...given,
      ...{ sender: signer.address, summary },
    });
    await submit(await throughOwner(step, context), { connection, signer, ...given }, { staking: staking.address });
  });

export default slash;
