import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { throughOwner } from "../../src/chain/owner-call.js";
import { sendingAccount } from "../accounts.js";
import { openGovernor } from "../governance/open.js";
import { parseNumber, required } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openRegistry, type SendingArguments } from "./open.js";

interface GenesisArguments extends SendingArguments {
  first: string | undefined;
  last: string | undefined;
  governor: string | undefined;
  description: string | undefined;
  propose: boolean;
}

const genesis: NewTaskActionFunction<GenesisArguments> = async (given, hre) =>
  run(async () => {
    const first = parseNumber(required(given.first, "--first"), "--first");
    const last = parseNumber(required(given.last, "--last"), "--last");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const registry = await openRegistry(hre, connection, given);
    const step = registry.permitAnchor(first, last);
    const context = {
      owner: await registry.timelock(),
      sender: signer.address,
      governor: () => openGovernor(hre, connection, { ...given, fromBlock: undefined }),
      propose: given.propose,
      description: given.description ?? `${step.call.summary} at ${registry.address}`,
    };
    await submit(await throughOwner(step, context), { connection, signer, ...given }, { registry: registry.address });
  });

export default genesis;
