import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parseStakes } from "../../src/chain/staking/arguments.js";
import { sendingAccount } from "../accounts.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { documentHash, openStaking, type SendingArguments } from "./open.js";

interface BurnArguments extends SendingArguments {
  stakes: string | undefined;
  evidence: string | undefined;
}

const burn: NewTaskActionFunction<BurnArguments> = async (given, hre) =>
  run(async () => {
    const keys = given.stakes === undefined ? undefined : await namedSlashes(given.stakes, given.evidence);
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const staking = await openStaking(hre, connection, given);
    const step = await staking.burn(keys);
    await submit(step, { connection, signer, ...given }, { staking: staking.address });
  });

async function namedSlashes(stakes: string, document: string | undefined) {
  const evidence = await documentHash(document, "--evidence");
  return parseStakes(stakes).map((stake) => ({ ...stake, evidence }));
}

export default burn;
